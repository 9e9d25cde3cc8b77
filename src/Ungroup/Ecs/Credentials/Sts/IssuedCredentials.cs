using System.Globalization;
using System.Text.Json;
using Ungroup.Ecs.Wire;

namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>Temporary credentials, as STS and a credentials URI write them.</summary>
internal static class IssuedCredentials
{
    /// <param name="issued">The object that holds them.</param>
    /// <param name="now">The issuer's time, so that a clock of ours that is off makes no credentials look old, or young.</param>
    /// <returns>Null when they are not all there.</returns>
    public static Grant? Read(JsonElement issued, DateTimeOffset now)
    {
        if (issued.Text("AccessKeyId") is not { Length: > 0 } id || issued.Text("AccessKeySecret") is not { Length: > 0 } secret)
        {
            return null;
        }

        var credentials = new AccessKey(id, secret, issued.Text("SecurityToken") is { Length: > 0 } token ? token : null);
        if (issued.Text("Expiration") is not { } text
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expiration))
        {
            return new Grant.Given(credentials);
        }

        return expiration > now
            ? new Grant.Given(credentials, expiration - now)
            : new Grant.Withheld(
                "CredentialsExpired", "The credentials that were issued had expired already.", Fault.Configuration,
                "Correct the clock of the machine, or that of whatever issues the credentials.");
    }
}
