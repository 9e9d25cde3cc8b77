using System.Diagnostics.CodeAnalysis;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>Filters by which the Describe calls narrow their answer (sheet 2.4).</summary>
internal static class Filters
{
    // https://alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances [SDK-MODEL]
    private const int MostIds = 100;

    /// <summary>The region a Describe call reads, its page and that it is no dry run.</summary>
    public static bool TryOpen(
        EcsCall call, int mostResults, [NotNullWhen(true)] out Paging? paging, [NotNullWhen(false)] out EcsError? problem)
    {
        paging = Paging.Read(call, mostResults);
        problem = call.RegionId is null ? EcsErrors.MissingRegion
            : paging is null ? EcsErrors.InvalidPage(call)
            : call.Asks("DryRun") ? EcsErrors.DryRun
            : null;
        return problem is null && paging is not null;
    }

    /// <summary>A JSON array in a string; null when the parameter is not there.</summary>
    public static bool TryIds(EcsCall call, string parameter, out IReadOnlyList<string>? ids, [NotNullWhen(false)] out EcsError? problem)
    {
        ids = null;
        problem = call.Parameters.Given(parameter) is { } text && (!IdList.TryParse(text, out ids!) || ids.Count > MostIds)
            ? EcsErrors.Invalid(parameter)
            : null;
        return problem is null;
    }

    public static bool Allows(this EcsCall call, string parameter, string? value) =>
        call.Parameters.Given(parameter) is not { } wanted || wanted == value;

    public static bool AllowsFlag(this EcsCall call, string parameter, bool value) =>
        call.Parameters.Given(parameter) is not { } wanted
        || string.Equals(wanted, value ? "true" : "false", StringComparison.OrdinalIgnoreCase);

    /// <summary>`Tag.N.Key` with `Tag.N.Value`; an empty value matches any.</summary>
    public static bool AllowsTags(this EcsCall call, IReadOnlyDictionary<string, string> tags)
    {
        for (var number = 1; call.Parameters.Given($"Tag.{number}.Key") is { } key; number++)
        {
            if (!tags.TryGetValue(key, out var value) || !call.Allows($"Tag.{number}.Value", value))
            {
                return false;
            }
        }

        return true;
    }

    public static bool AllowsGroup(this EcsCall call, Membership membership) =>
        call.Parameters.Given("SecurityGroupId") is not { } wanted || membership.ShownAt(call.Now).Any(group => group.Id == wanted);
}
