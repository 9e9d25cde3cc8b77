using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

internal static class SasToken
{
    /// <summary>Written from https://learn.microsoft.com/rest/api/eventhub/generate-sas-token, apart from the broker's own reading of it.</summary>
    public static string Create(string resource, DateTimeOffset expiry, string key = TestBroker.Key, string keyName = TestBroker.KeyName)
    {
        var encoded = Uri.EscapeDataString(resource);
        var seconds = expiry.ToUnixTimeSeconds();
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{encoded}\n{seconds}")));
        return $"SharedAccessSignature sr={encoded}&sig={Uri.EscapeDataString(signature)}&se={seconds}&skn={keyName}";
    }
}
