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

/// <summary>The claim of a signed request, in either scheme; <see cref="Expected"/> signs it again with the right secret.</summary>
internal sealed record Claim(
    string AccessKeyId,
    string Date,
    string Nonce,
    string? SecurityToken,
    string Signature,
    Func<string, Expectation> Expected);

/// <param name="Signature">The right one.</param>
/// <param name="Explain">Tells what it was made of, for a caller who signed something else.</param>
internal sealed record Expectation(string Signature, Func<string> Explain);
