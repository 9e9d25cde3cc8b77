using Amqp;
using Amqp.Listener;

namespace Ungroup.Sandbox.Broker.Wire.Links;

/// <summary>The link on which a client hears the answers of $cbs or a $management node; an answer waits for credit.</summary>
internal sealed class ReplyEndpoint(string node, string name, string? replyTo, ListenerLink link) : LinkEndpoint
{
    private readonly Lock _gate = new();
    private readonly LinkCredit _credit = new(link);
    private readonly Queue<Message> _waiting = [];

    public string Node => node;

    public string Name => name;

    public string? ReplyTo => replyTo;

    public void Send(Message answer)
    {
        lock (_gate)
        {
            _waiting.Enqueue(answer);
            Flush();
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        lock (_gate)
        {
            var drain = _credit.Apply(flowContext);
            Flush();
            if (drain)
            {
                _credit.Drain();
            }
        }
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // Answers are sent settled.
    }

    private void Flush()
    {
        while (_credit.Any && _waiting.TryDequeue(out var answer) && _credit.TrySend(answer, encoded: null))
        {
        }
    }
}
