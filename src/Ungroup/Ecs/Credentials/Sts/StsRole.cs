using System.Globalization;

namespace Ungroup.Ecs.Credentials.Sts;

internal sealed record StsRole(string Arn, string SessionName, TimeSpan Duration, string? Policy)
{
    public static StsRole Of(AccountOptions account) =>
        new(account.RoleArn!, account.RoleSessionName, account.SessionDuration, SessionPolicy.For(account));

    public List<KeyValuePair<string, string>> Parameters()
    {
        List<KeyValuePair<string, string>> parameters =
        [
            new("DurationSeconds", ((int)Duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            new("RoleArn", Arn),
            new("RoleSessionName", SessionName),
        ];
        if (Policy is not null)
        {
            parameters.Add(new("Policy", Policy));
        }

        return parameters;
    }
}
