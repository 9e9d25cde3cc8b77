namespace Ungroup.Guardrails;

/// <summary>Section <c>Guardrails</c>: what is never touched, whoever asks.</summary>
internal sealed class GuardrailOptions
{
    public const string Section = "Guardrails";

    /// <summary>Ids of security groups nothing is removed from. Default: none.</summary>
    public IList<string> ProtectedGroups { get; } = [];

    /// <summary>Ids of instances and network interfaces that are never removed from a group. Default: none.</summary>
    public IList<string> ProtectedResources { get; } = [];
}
