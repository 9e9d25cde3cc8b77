using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>Key, date, token, signature and nonce, in this order; the nonce last, so that only a genuine request uses it up.</summary>
internal sealed class SignatureGate(KeyRing keys, SimulatorOptions options)
{
    // https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature [V3-ZH]
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly NonceBook _nonces = new(options.Clock);

    public Admission Check(WireRequest request)
    {
        Claim? claim;
        EcsError? problem;
        var read = request.IsV3
            ? SignatureV3.TryRead(request, out claim, out problem)
            : SignatureV1.TryRead(request, out claim, out problem);
        if (!options.CheckSignatures)
        {
            var named = claim is null ? null : keys.Find(claim.AccessKeyId);
            return new Admission.Admitted(named?.Account ?? keys.First, named?.Session);
        }

        if (!read)
        {
            return new Admission.Refused(problem!);
        }

        if (keys.Find(claim!.AccessKeyId) is not { } key)
        {
            return new Admission.Refused(AuthErrors.UnknownKey);
        }

        problem = DateProblem(claim.Date)
            ?? TokenProblem(claim, key)
            ?? SignatureProblem(claim, key)
            ?? NonceProblem(claim);
        return problem is null ? new Admission.Admitted(key.Account, key.Session) : new Admission.Refused(problem, key.Account.Name);
    }

    private EcsError? DateProblem(string text) =>
        !DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? AuthErrors.BadDate
        : (options.Clock.GetUtcNow() - date).Duration() > Window ? AuthErrors.ExpiredDate
        : null;

    private EcsError? TokenProblem(Claim claim, Key key) =>
        key.SecurityToken is not null && string.IsNullOrEmpty(claim.SecurityToken) ? AuthErrors.MissingToken
        : (key.SecurityToken ?? "") != (claim.SecurityToken ?? "") ? AuthErrors.WrongToken
        : key.Session?.Expires <= options.Clock.GetUtcNow() ? AuthErrors.ExpiredToken
        : key.Session?.Role.IsRevoked == true ? AuthErrors.RevokedToken
        : null;

    private static EcsError? SignatureProblem(Claim claim, Key key)
    {
        var expected = claim.Expected(key.Secret);
        var (ours, theirs) = (Encoding.UTF8.GetBytes(expected.Signature), Encoding.UTF8.GetBytes(claim.Signature));
        return CryptographicOperations.FixedTimeEquals(ours, theirs)
            ? null
            : AuthErrors.Mismatch(expected.Explain());
    }

    private EcsError? NonceProblem(Claim claim) =>
        options.CheckNonces && !_nonces.TryUse(claim.AccessKeyId, claim.Nonce) ? AuthErrors.NonceUsed : null;
}
