using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

/// <summary>The rows of a table that an earlier version has begun.</summary>
internal static class EarlierTable
{
    public static IReadOnlyList<TableEntity> Rows { get; } =
    [
        .. JsonNode.Parse(File.ReadAllText(Snapshot.Find("tests/Ungroup.Tests/Data/ledger-before.json")))!.AsArray().Select(row => Entity(row!.AsObject())),
    ];

    private static TableEntity Entity(JsonObject row) => new(row
        .Where(column => !column.Key.EndsWith("@odata.type", StringComparison.Ordinal))
        .ToDictionary(column => column.Key, column => Value(column.Value!, row.ContainsKey($"{column.Key}@odata.type"))));

    private static object Value(JsonNode value, bool isBinary) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String when isBinary => Convert.FromBase64String(value.GetValue<string>()),
        System.Text.Json.JsonValueKind.String => value.GetValue<string>(),
        System.Text.Json.JsonValueKind.Number => value.GetValue<int>(),
        _ => value.GetValue<bool>(),
    };
}
