using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>
/// HMAC-SHA1 over every parameter, which older tools still send.
/// https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism [V2RPC]
/// </summary>
[SuppressMessage(
    "Security",
    "CA5350:Do Not Use Weak Cryptographic Algorithms",
    Justification = "The scheme is HMAC-SHA1; the simulator does not choose it.")]
internal static class SignatureV1
{
    private static readonly string[] Mandatory = ["SignatureNonce", "Timestamp", "SignatureMethod", "SignatureVersion"];

    public static bool TryRead(WireRequest request, [NotNullWhen(true)] out Claim? claim, [NotNullWhen(false)] out EcsError? problem)
    {
        var all = request.Parameters;
        problem = Problem(all);
        claim = problem is not null ? null : new Claim(
            all["AccessKeyId"]!,
            all["Timestamp"]!,
            all["SignatureNonce"]!,
            all["SecurityToken"],
            all["Signature"]!,
            secret => Sign(request.Method, all, secret));
        return claim is not null;
    }

    private static EcsError? Problem(Parameters all)
    {
        if (all.Given("Signature") is null)
        {
            return AuthErrors.MissingSignature;
        }

        if (all.Given("AccessKeyId") is null)
        {
            return AuthErrors.MissingAccessKeyId;
        }

        if (Mandatory.FirstOrDefault(name => all.Given(name) is null) is { } absent)
        {
            return AuthErrors.Incomplete($"Parameter {absent} is missing.");
        }

        return all["SignatureMethod"] != "HMAC-SHA1" ? AuthErrors.InvalidSignatureMethod
            : all["SignatureVersion"] != "1.0" ? AuthErrors.Incomplete("SignatureVersion is not 1.0.")
            : null;
    }

    private static Expectation Sign(string method, Parameters all, string secret)
    {
        var stringToSign = $"{method}&%2F&{Uri.EscapeDataString(CanonicalQuery.Of(all, except: "Signature"))}";
        var signature = HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret + "&"), Encoding.UTF8.GetBytes(stringToSign));
        return new Expectation(
            Convert.ToBase64String(signature),
            () => $"Specified signature is not matched with our calculation. server string to sign is:{stringToSign}");
    }
}
