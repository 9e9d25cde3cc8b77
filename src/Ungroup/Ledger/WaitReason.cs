using System.Text.Json.Serialization;

namespace Ungroup.Ledger;

/// <summary>Why a request waits.</summary>
/// <param name="For">The thing that it waits for.</param>
/// <param name="Sentence">The same for a person, at most <see cref="LongestSentence"/> characters.</param>
internal sealed record WaitReason(WaitFor For, string Sentence)
{
    public const int LongestSentence = 1_000;

    public static WaitReason Of(WaitFor waitsFor, string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return new(waitsFor, sentence.Length <= LongestSentence ? sentence : $"{sentence.AsSpan(0, LongestSentence - 1)}…");
    }
}

/// <summary>Reasons of a request to wait.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WaitFor>))]
internal enum WaitFor
{
    /// <summary>Another try: ECS or the network did not answer as hoped, or the worker had to stop.</summary>
    [JsonStringEnumMemberName("anotherTry")]
    AnotherTry,

    /// <summary>Its <c>notBefore</c>.</summary>
    [JsonStringEnumMemberName("notBefore")]
    NotBefore,

    /// <summary>Its turn: a quota is shared out, or used up for now.</summary>
    [JsonStringEnumMemberName("turn")]
    Turn,

    /// <summary>A circuit that is closed.</summary>
    [JsonStringEnumMemberName("circuit")]
    Circuit,

    /// <summary>The end of a hold.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,

    /// <summary>A state of the resource that lets it be changed.</summary>
    [JsonStringEnumMemberName("state")]
    State,

    /// <summary>Another request that changes the resource, or has to end first.</summary>
    [JsonStringEnumMemberName("anotherChange")]
    AnotherChange,

    /// <summary>Its tags, or its relatives: it may be protected, and they cannot be read.</summary>
    [JsonStringEnumMemberName("protection")]
    Protection,
}
