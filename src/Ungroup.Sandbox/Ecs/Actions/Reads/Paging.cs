using System.Text.Json;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>
/// MaxResults with NextToken, or PageNumber with PageSize; sizes out of range are brought into it. A token goes on behind the last row that was
/// shown, whatever has come and gone since; a page number skips rows while they do. [SDK-MODEL]
/// </summary>
internal sealed record Paging(EcsCall Call, ListToken? After, int Skip, int Take, int? PageNumber)
{
    /// <summary>Null when a number is not one, or the token is not one of this list.</summary>
    public static Paging? Read(EcsCall call, int most)
    {
        var parameters = call.Parameters;
        if (parameters.Given("NextToken") is null && parameters.Given("MaxResults") is null)
        {
            return Number(parameters, "PageNumber", 1) is { } page && Number(parameters, "PageSize", 10) is { } size
                ? new Paging(call, After: null, (Math.Clamp(page, 1, 100_000) - 1) * Math.Clamp(size, 1, most), Math.Clamp(size, 1, most), Math.Max(page, 1))
                : null;
        }

        return ReadTokens(call, most, usual: 10);
    }

    /// <summary>Of a call that knows no page numbers.</summary>
    public static Paging? ReadTokens(EcsCall call, int most, int usual)
    {
        var given = call.Parameters.Given("NextToken");
        var after = given is null ? null : ListToken.Of(given, call);
        return after is null == given is null && Number(call.Parameters, "MaxResults", usual) is { } take
            ? new Paging(call, after, Skip: 0, Math.Clamp(take, 10, most), PageNumber: null)
            : null;
    }

    /// <param name="found">The whole list.</param>
    /// <param name="placeOf">The place of a row, which stays for as long as it is there.</param>
    public Page<T> PageOf<T>(IEnumerable<T> found, Func<T, int> placeOf)
    {
        var all = found.OrderBy(placeOf).ToList();
        var rest = After is null ? all.Skip(Skip).ToList() : all.SkipWhile(row => placeOf(row) <= After.Place).ToList();
        IReadOnlyList<T> items = [.. rest.Take(Take)];
        return new(items, all.Count, PageNumber is null && rest.Count > Take ? ListToken.Behind(placeOf(items[^1]), Call) : "", this);
    }

    private static int? Number(Parameters parameters, string name, int otherwise) =>
        parameters.Given(name) is not { } text ? otherwise : int.TryParse(text, out var number) ? number : null;
}

/// <param name="Items">Those of this page.</param>
/// <param name="Total">How many the whole list has now.</param>
/// <param name="NextToken">Empty on the last page, and where pages are numbered.</param>
/// <param name="Paging">The page that was asked for.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, int Total, string NextToken, Paging Paging)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString(nameof(NextToken), NextToken);
        json.WriteNumber("TotalCount", Total);
        if (Paging.PageNumber is { } page)
        {
            json.WriteNumber("PageNumber", page);
            json.WriteNumber("PageSize", Paging.Take);
        }
    }
}
