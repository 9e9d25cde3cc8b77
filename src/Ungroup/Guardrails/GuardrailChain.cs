using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

internal sealed class GuardrailChain(IEnumerable<IGuardrail> guardrails)
{
    private readonly IGuardrail[] _guardrails = [.. guardrails];

    public IEnumerable<string> Names => _guardrails.Select(guardrail => guardrail.GetType().Name);

    /// <summary>As far as the request alone tells.</summary>
    public Outcome? Refuse(RemovalRequest request, RequestDoor door) =>
        First(guardrail => guardrail.Refuse(request, door)) ?? (ProposedChange.Of(request) is { } change ? Refuse(change) : null);

    public Outcome? Refuse(ProposedChange change) => First(guardrail => guardrail.Refuse(change));

    /// <summary>Null where no guardrail has to know the relatives of the resource.</summary>
    public Func<IReadOnlyList<string>, Outcome?>? AboutRelatives(RemovalRequest request)
    {
        var asked = _guardrails.Select(guardrail => (Guardrail: guardrail, Refuse: guardrail.AboutRelatives(request)))
            .Where(one => one.Refuse is not null).ToList();
        return asked.Count == 0 ? null : relatives => asked
            .Select(one => one.Refuse!(relatives) is { } sentence ? Refused(one.Guardrail, sentence) : null)
            .FirstOrDefault(refused => refused is not null);
    }

    /// <summary>Null where no guardrail has to know the tags of a resource, or of the instance that an interface belongs to.</summary>
    public Func<string, IReadOnlyList<KeyValuePair<string, string>>, Outcome?>? AboutTags
    {
        get
        {
            var asked = _guardrails.Where(guardrail => guardrail.AboutTags is not null).ToList();
            return asked.Count == 0 ? null : (resource, tags) => asked
                .Select(guardrail => guardrail.AboutTags!(resource, tags) is { } sentence ? Refused(guardrail, sentence) : null)
                .FirstOrDefault(refused => refused is not null);
        }
    }

    private Outcome? First(Func<IGuardrail, string?> refuse)
    {
        foreach (var guardrail in _guardrails)
        {
            if (refuse(guardrail) is { } sentence)
            {
                return Refused(guardrail, sentence);
            }
        }

        return null;
    }

    private static Outcome Refused(IGuardrail guardrail, string sentence) =>
        new() { Status = OutcomeStatus.Refused, Code = guardrail.GetType().Name, Sentence = sentence };
}
