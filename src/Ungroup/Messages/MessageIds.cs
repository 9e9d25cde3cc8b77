using System.Security.Cryptography;
using System.Text;
using Ungroup.Display;

namespace Ungroup.Messages;

internal static class MessageIds
{
    public const int Longest = 128;

    private const int DigitsOfHash = 32;

    /// <summary>Shortens a long id to what Service Bus takes, with a hash of the whole, so that two long ids stay two.</summary>
    public static string Fitting(string id) => id.Length <= Longest
        ? id
        : DisplayText.Cut(id, Longest - DigitsOfHash) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..DigitsOfHash];
}
