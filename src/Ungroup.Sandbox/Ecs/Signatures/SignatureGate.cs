using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>Key, date, token, signature and nonce, in this order; the nonce last, so that only a genuine request uses it up.</summary>
internal sealed class SignatureGate(IReadOnlyList<Account> accounts, SimulatorOptions options)
{
    // https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature [V3-ZH]
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, Account> _byKey = accounts.ToDictionary(account => account.AccessKeyId);
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
            return new Admission.Admitted(claim is null ? accounts[0] : _byKey.GetValueOrDefault(claim.AccessKeyId, accounts[0]));
        }

        if (!read)
        {
            return new Admission.Refused(problem!);
        }

        if (!_byKey.TryGetValue(claim!.AccessKeyId, out var account))
        {
            return new Admission.Refused(AuthErrors.UnknownKey);
        }

        problem = DateProblem(claim.Date)
            ?? TokenProblem(claim, account)
            ?? SignatureProblem(claim, account)
            ?? NonceProblem(claim);
        return problem is null ? new Admission.Admitted(account) : new Admission.Refused(problem, account.Name);
    }

    private EcsError? DateProblem(string text) =>
        !DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? AuthErrors.BadDate
        : (options.Clock.GetUtcNow() - date).Duration() > Window ? AuthErrors.ExpiredDate
        : null;

    private static EcsError? TokenProblem(Claim claim, Account account) =>
        account.SecurityToken is not null && string.IsNullOrEmpty(claim.SecurityToken) ? AuthErrors.MissingToken
        : (account.SecurityToken ?? "") != (claim.SecurityToken ?? "") ? AuthErrors.WrongToken
        : null;

    private static EcsError? SignatureProblem(Claim claim, Account account)
    {
        var expected = claim.Expected(account.AccessKeySecret);
        var (ours, theirs) = (Encoding.UTF8.GetBytes(expected.Signature), Encoding.UTF8.GetBytes(claim.Signature));
        return CryptographicOperations.FixedTimeEquals(ours, theirs)
            ? null
            : AuthErrors.Mismatch(expected.Explanation);
    }

    private EcsError? NonceProblem(Claim claim) =>
        options.CheckNonces && !_nonces.TryUse(claim.AccessKeyId, claim.Nonce) ? AuthErrors.NonceUsed : null;
}
