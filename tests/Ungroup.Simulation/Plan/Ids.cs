using Ungroup.Requests;

namespace Ungroup.Simulation.Plan;

/// <summary>Names that all seeds share.</summary>
internal static class Ids
{
    public const string ProtectedGroup = "sg-protected";
    public const string OtherGroup = "sg-other";

    /// <summary>A removal from it has to be approved as the plan of a job.</summary>
    public const string ApprovalGroup = "sg-approval";

    /// <summary>A region, and not that of any resource.</summary>
    public const string WrongRegion = "cn-wuhan";

    public static readonly KnownAccounts Accounts = new(
        new Dictionary<string, string?> { ["default"] = "cn-hangzhou", ["beijing"] = "cn-beijing" },
        isolationGroups: new Dictionary<string, IReadOnlyList<string>>
        {
            ["default"] = [IsolationGroupOf("default")],
            ["beijing"] = [IsolationGroupOf("beijing")],
        });

    public static IReadOnlyList<string> AccountNames { get; } = ["default", "beijing"];

    public static string RegionOf(string account) => account == "default" ? "cn-hangzhou" : "cn-beijing";

    /// <summary>The one that the account configures.</summary>
    public static string IsolationGroupOf(string account) => $"sg-iso-{account}";

    public static bool IsIsolationGroup(string group) => group.StartsWith("sg-iso-", StringComparison.Ordinal);
}
