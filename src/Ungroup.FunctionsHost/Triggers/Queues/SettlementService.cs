using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Ungroup.FunctionsHost.Rpc;

namespace Ungroup.FunctionsHost.Triggers.Queues;

/// <summary>Settles messages for functions, with the errors of the Functions host.</summary>
internal sealed class SettlementService(HeldMessages messages, HostWatch watch) : Settlement.SettlementBase
{
    public override Task<Empty> Complete(CompleteRequest request, ServerCallContext context) => SettleAsync(
        request.Locktoken, MessageVerdict.Completed, held => held.CompleteMessageAsync(held.Message, context.CancellationToken));

    public override Task<Empty> Abandon(AbandonRequest request, ServerCallContext context) => SettleAsync(
        request.Locktoken, MessageVerdict.Abandoned,
        held => held.AbandonMessageAsync(held.Message, Properties(request.PropertiesToModify), context.CancellationToken));

    public override Task<Empty> Defer(DeferRequest request, ServerCallContext context) => SettleAsync(
        request.Locktoken, MessageVerdict.Deferred,
        held => held.DeferMessageAsync(held.Message, Properties(request.PropertiesToModify), context.CancellationToken));

    public override Task<Empty> Deadletter(DeadletterRequest request, ServerCallContext context) => SettleAsync(
        request.Locktoken, MessageVerdict.DeadLettered,
        held => held.DeadLetterMessageAsync(
            held.Message, Properties(request.PropertiesToModify), request.Reason, request.Description, context.CancellationToken));

    public override Task<Empty> RenewMessageLock(RenewMessageLockRequest request, ServerCallContext context) => CallAsync(
        request.Locktoken, held => held.RenewMessageLockAsync(held.Message, context.CancellationToken));

    private Task<Empty> SettleAsync(string lockToken, MessageVerdict verdict, Func<ProcessMessageEventArgs, Task> settle) => CallAsync(
        lockToken,
        async held =>
        {
            await settle(held);
            watch.Settled(held.Message, verdict);
        });

    private async Task<Empty> CallAsync(string lockToken, Func<ProcessMessageEventArgs, Task> call)
    {
        if (!messages.TryFind(lockToken, out var held))
        {
            throw new RpcException(new(StatusCode.FailedPrecondition, $"LockToken {lockToken} not found."));
        }

        try
        {
            await call(held);
            return new();
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            // Its whole text: a function can look at nothing else to learn whether the lock is lost.
            throw new RpcException(new(StatusCode.Unknown, $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}"));
        }
    }

    private static Dictionary<string, object> Properties(ByteString encoded)
    {
        if (encoded.IsEmpty)
        {
            return [];
        }

        var bytes = encoded.ToByteArray();
        return AmqpCodec.DecodeMap(new ByteBuffer(bytes, 0, bytes.Length)).ToDictionary(pair => $"{pair.Key}", pair => pair.Value);
    }
}
