using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Signatures;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Denials;

/// <summary>Something that an account may not do: by a policy that leaves a group or a region out, or because a region does not know its key.</summary>
internal sealed record Denial(string Account, string Action, string? RegionId, string? SecurityGroupId, EcsError Error)
{
    public const string Any = "*";

    /// <summary>The codes that the world file may name.</summary>
    public static readonly IReadOnlyDictionary<string, EcsError> Errors =
        new[] { EcsErrors.Forbidden, AuthErrors.UnknownKey }.ToDictionary(error => error.Code);

    public bool IsAbout(EcsCall call, string? region) =>
        (Account == Any || Account == call.Account.Name)
        && (Action == Any || Action == call.Action)
        && (RegionId is null || RegionId == region)
        && (SecurityGroupId is null || call.Resources.Contains(SecurityGroupId));
}
