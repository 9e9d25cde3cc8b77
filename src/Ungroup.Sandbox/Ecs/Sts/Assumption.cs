using System.Globalization;
using System.Text.RegularExpressions;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>The request that both ways to assume a role have in common.</summary>
internal sealed partial record Assumption(Role Role, string SessionName, TimeSpan Duration, SessionPolicy? Policy)
{
    /// <summary>The assumption, or why it is none.</summary>
    public static (Assumption? Assumption, EcsError? Problem) Read(Trust trust, Parameters parameters)
    {
        var (arn, name, policyText) = (parameters.Given("RoleArn"), parameters.Given("RoleSessionName"), parameters.Given("Policy"));
        var role = trust.Roles.FirstOrDefault(role => role.Arn == arn && !role.IsRevoked);
        var policy = policyText is null ? null : SessionPolicy.Parse(policyText);
        var seconds = int.TryParse(parameters.Given("DurationSeconds") ?? "3600", NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        var problem = arn is null ? EcsErrors.Missing("RoleArn")
            : name is null ? EcsErrors.Missing("RoleSessionName")
            : !SessionNameForm().IsMatch(name) ? StsErrors.Wrong("RoleSessionName")
            : role is null ? StsErrors.UnknownRole
            : seconds < 900 || seconds > role.LongestSession.TotalSeconds ? StsErrors.Wrong("DurationSeconds")
            : policyText is not null && policy is null ? StsErrors.Wrong("PolicyGrammar")
            : null;
        return problem is null ? (new(role!, name!, TimeSpan.FromSeconds(seconds), policy), null) : (null, problem);
    }

    [GeneratedRegex(@"^[A-Za-z0-9.@_-]{2,64}\z", RegexOptions.None, 1000)]
    private static partial Regex SessionNameForm();
}
