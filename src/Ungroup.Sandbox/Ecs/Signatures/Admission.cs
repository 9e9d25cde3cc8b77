using Ungroup.Sandbox.Ecs.Sts;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>Whether a call may come in, and as whom.</summary>
internal abstract record Admission
{
    private Admission() { }

    /// <param name="Account">Whose call it is.</param>
    /// <param name="Session">Whose credentials it is signed with, where they were issued here.</param>
    public sealed record Admitted(Account Account, Session? Session = null) : Admission;

    public sealed record Refused(EcsError Error, string Account = "") : Admission;
}

/// <summary>What a signed request says of itself, in either scheme; <see cref="Expected"/> signs it again with the right secret.</summary>
internal sealed record Claim(
    string AccessKeyId,
    string Date,
    string Nonce,
    string? SecurityToken,
    string Signature,
    Func<string, Expectation> Expected);

/// <param name="Signature">What it should have been.</param>
/// <param name="Explain">What it was made of, for whoever signed something else.</param>
internal sealed record Expectation(string Signature, Func<string> Explain);
