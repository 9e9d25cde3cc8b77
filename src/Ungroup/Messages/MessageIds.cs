using System.Security.Cryptography;
using System.Text;
using Ungroup.Display;

namespace Ungroup.Messages;

/// <summary>The ids of messages as records, events and copies hold them: never longer than Service Bus lets one be.</summary>
internal static class MessageIds
{
    public const int Longest = 128;

    private const int DigitsOfHash = 32;

    /// <summary>The id, or the beginning of a longer one with a hash of the whole, so that two long ids stay two.</summary>
    public static string Fitting(string id) => id.Length <= Longest
        ? id
        : DisplayText.Cut(id, Longest - DigitsOfHash) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..DigitsOfHash];
}
