using Grpc.Core;

namespace Ungroup.Functions.Queues;

/// <summary>
/// A message that is no longer ours to settle. The Functions host settles it and answers by gRPC: it does not know the lock any more, or
/// the text of its exception holds Service Bus's answer.
/// </summary>
internal static class LostLock
{
    public static bool IsBehind(RpcException error) => error.StatusCode switch
    {
        StatusCode.FailedPrecondition => error.Status.Detail.Contains("LockToken", StringComparison.OrdinalIgnoreCase),
        StatusCode.Unknown => error.Status.Detail.Contains("MessageLockLost", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
