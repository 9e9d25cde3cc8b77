using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Ungroup.Settings.Reading;

namespace Ungroup.Quotas;

/// <summary>
/// How much of a quota is used, and what of it is known beforehand. ECS counts calls a minute for each account, region and API,
/// and refuses the API to the whole account once they are used up: https://help.aliyun.com/zh/ecs/developer-reference/api-throttling
/// </summary>
internal sealed class PaceOptions
{
    public const string Section = "Pace";

    /// <summary>
    /// The share of a quota that is left to people and other tools; of ours only <c>incident</c> requests may use it before
    /// the last seconds of a minute, when it would expire. Default: 0.2.
    /// </summary>
    [Range(0.0, 0.9)]
    public double Reserve { get; set; } = 0.2;

    /// <summary>
    /// Calls a minute by API, where they are known: <c>Pace:Quotas:LeaveSecurityGroup = 1000</c>. Refusals only correct
    /// them downwards. Everything else is learned. Default: none.
    /// </summary>
    [KnownNames(
        "LeaveSecurityGroup", "JoinSecurityGroup", "ModifyInstanceAttribute", "ModifyNetworkInterfaceAttribute",
        "DescribeInstances", "DescribeNetworkInterfaces", "DescribeSecurityGroups", "DescribeSecurityGroupAttribute", "DescribeInstanceRamRole")]
    public IDictionary<string, int> Quotas { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Whether instances tell each other through the ledger what they use. Default: true.</summary>
    public bool Shared { get; set; } = true;
}

[OptionsValidator]
internal sealed partial class ValidatePaceOptions : IValidateOptions<PaceOptions>;

internal sealed class ValidateQuotas : IValidateOptions<PaceOptions>
{
    public ValidateOptionsResult Validate(string? name, PaceOptions options)
    {
        var problems = options.Quotas.Where(quota => quota.Value < 1).Select(quota =>
            $"Pace:Quotas:{quota.Key} is {quota.Value}; expected calls a minute, at least 1, or no such setting to have it learned.").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
