using System.Buffers;

namespace Ungroup.Requests;

/// <summary>Which characters may stand where. Ids end up in host names, queries and log lines, so the sets are narrow.</summary>
internal static class Characters
{
    public static readonly SearchValues<char> OfIds =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static readonly SearchValues<char> OfRequestIds =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/-");

    private static readonly SearchValues<char> OfRegionIds = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static readonly SearchValues<char> OfAccountNames =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsRegionId(string text) =>
        text.Length is >= 2 and <= 40
        && char.IsAsciiLetterLower(text[0])
        && text[^1] != '-'
        && !text.AsSpan().ContainsAnyExcept(OfRegionIds);
}
