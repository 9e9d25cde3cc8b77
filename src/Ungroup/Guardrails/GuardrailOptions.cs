using System.ComponentModel.DataAnnotations;

namespace Ungroup.Guardrails;

/// <summary>Section <c>Guardrails</c>: what is never touched, whoever asks.</summary>
internal sealed class GuardrailOptions
{
    public const string Section = "Guardrails";

    /// <summary>Ids of security groups nothing is removed from. Default: none.</summary>
    public IList<string> ProtectedGroups { get; } = [];

    /// <summary>Ids of instances and network interfaces that are never removed from a group. Default: none.</summary>
    public IList<string> ProtectedResources { get; } = [];

    /// <summary>
    /// Tags, as <c>key</c> or <c>key=value</c>: a resource that has one, or whose instance has, is never removed from a group nor contained.
    /// Default: none, and no tags are read.
    /// </summary>
    public IList<string> ProtectedTags { get; } = [];

    /// <summary>Ids of security groups that are left with approval only: a single removal is refused, a job is approved as a plan. Default: none.</summary>
    public IList<string> ApprovalGroups { get; } = [];

    /// <summary>
    /// How many resources clean-ups may change in a clock hour, for each account and group, over all workers: then Ungroup holds the others
    /// back until the next hour, or until somebody resumes them. Upstream systems and incidents have no such limit. Default: 200.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MostPerHour { get; set; } = 200;
}
