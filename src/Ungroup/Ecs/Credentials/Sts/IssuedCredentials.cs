using System.Globalization;
using System.Text.Json;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Ecs.Credentials.Sts;

internal static class IssuedCredentials
{
    /// <summary>Null when they are incomplete. <paramref name="now"/> is the issuer's time, so that our own clock may be off.</summary>
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
