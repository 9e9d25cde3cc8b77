using Grpc.Core;

namespace Ungroup.Functions;

/// <summary>
/// How the Functions host says that a message is no longer ours to settle. It settles for the worker and answers by gRPC:
/// either it does not know the lock any more, or Service Bus told it so, in the text of whatever it threw.
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
