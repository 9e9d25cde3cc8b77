using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>Asks each guardrail in order; the first no counts.</summary>
internal sealed class GuardrailChain(IEnumerable<IGuardrail> guardrails)
{
    private readonly IGuardrail[] _guardrails = [.. guardrails];

    public IEnumerable<string> Names => _guardrails.Select(guardrail => guardrail.GetType().Name);

    public Outcome? Refuse(RemovalRequest request)
    {
        foreach (var guardrail in _guardrails)
        {
            if (guardrail.Refuse(request) is { } sentence)
            {
                return new() { Status = OutcomeStatus.Refused, Code = guardrail.GetType().Name, Sentence = sentence };
            }
        }

        return null;
    }
}
