using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions;

/// <summary>MaxResults with NextToken, or PageNumber with PageSize; sizes out of range are brought into it. [SDK-MODEL]</summary>
internal sealed record Paging(int Skip, int Take, int? PageNumber)
{
    private const string TokenPrefix = "after:";

    /// <summary>Null when a number or the token is not one.</summary>
    public static Paging? Read(Parameters parameters, int most)
    {
        var (token, results) = (parameters.Given("NextToken"), parameters.Given("MaxResults"));
        if (token is null && results is null)
        {
            return Number(parameters, "PageNumber", 1) is { } page && Number(parameters, "PageSize", 10) is { } size
                ? new Paging((Math.Clamp(page, 1, 100_000) - 1) * Math.Clamp(size, 1, most), Math.Clamp(size, 1, most), Math.Max(page, 1))
                : null;
        }

        return ReadTokens(parameters, most, usual: 10);
    }

    /// <summary>Of a call that knows no page numbers.</summary>
    public static Paging? ReadTokens(Parameters parameters, int most, int usual)
    {
        var skip = parameters.Given("NextToken") is { } token ? Offset(token) : 0;
        return skip is not null && Number(parameters, "MaxResults", usual) is { } take
            ? new Paging(skip.Value, Math.Clamp(take, 10, most), PageNumber: null)
            : null;
    }

    public IReadOnlyList<T> PageOf<T>(IReadOnlyList<T> all) => [.. all.Skip(Skip).Take(Take)];

    public void Write(Utf8JsonWriter json, int total)
    {
        json.WriteString("NextToken", TokenAfter(total));
        json.WriteNumber("TotalCount", total);
        if (PageNumber is { } page)
        {
            json.WriteNumber(nameof(PageNumber), page);
            json.WriteNumber("PageSize", Take);
        }
    }

    public string TokenAfter(int total) => PageNumber is null && Skip + Take < total ? Token(Skip + Take) : "";

    private static int? Number(Parameters parameters, string name, int otherwise) =>
        parameters.Given(name) is not { } text ? otherwise : int.TryParse(text, out var number) ? number : null;

    private static string Token(int offset) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{TokenPrefix}{offset}"));

    private static int? Offset(string token) =>
        Base64Url.IsValid(token)
        && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token)) is var text
        && text.StartsWith(TokenPrefix, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(TokenPrefix.Length), out var offset) && offset >= 0 ? offset : null;
}
