using System.Buffers.Text;
using System.Text;

namespace Ungroup.Requests;

/// <summary>Names what a body is that is not JSON, so that its sender knows what to change.</summary>
internal static class BodyKind
{
    private const int Sample = 64;

    private static readonly (byte[] Begins, string Kind)[] Signatures =
    [
        ([0x1F, 0x8B], "compressed with gzip"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd"),
        ([0x50, 0x4B, 0x03, 0x04], "a zip archive"),
        ([0x42, 0x5A, 0x68], "compressed with bzip2"),
        ([0x78, 0x01], "compressed with zlib"),
        ([0x78, 0x9C], "compressed with zlib"),
        ([0x78, 0xDA], "compressed with zlib"),
        ([0xFF, 0xFE, 0x00, 0x00], "text in UTF-32"),
        ([0x00, 0x00, 0xFE, 0xFF], "text in UTF-32"),
        ([0xFF, 0xFE], "text in UTF-16"),
        ([0xFE, 0xFF], "text in UTF-16"),
    ];

    public static string? Of(ReadOnlySpan<byte> body)
    {
        foreach (var (begins, kind) in Signatures)
        {
            if (body.StartsWith(begins))
            {
                return kind;
            }
        }

        return body switch
        {
            [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] => "text in UTF-16",
            _ when Begins(body, "<!doctype html") || Begins(body, "<html") => "an HTML page",
            _ when Begins(body, "<") => "XML",
            _ => IsBase64OfJson(body) ? "JSON in base64" : IsForm(body) ? "a web form" : null,
        };
    }

    private static bool Begins(ReadOnlySpan<byte> body, string text) =>
        Ascii.EqualsIgnoreCase(body.TrimStart(" \t\r\n"u8) is var start && start.Length >= text.Length ? start[..text.Length] : default, text);

    private static bool IsBase64OfJson(ReadOnlySpan<byte> body)
    {
        var start = body.Trim(" \t\r\n\""u8);
        start = start[..Math.Min(start.Length / 4 * 4, Sample)];
        Span<byte> decoded = stackalloc byte[Sample];
        return start.Length >= 8 && Base64.DecodeFromUtf8(start, decoded, out _, out var written) == System.Buffers.OperationStatus.Done
            && decoded[..written].TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
    }

    private static bool IsForm(ReadOnlySpan<byte> body) =>
        body is [>= (byte)'a' and <= (byte)'z', ..] && body.IndexOf((byte)'=') > 0 && !body.ContainsAny((byte)' ', (byte)'\n', (byte)'{');
}
