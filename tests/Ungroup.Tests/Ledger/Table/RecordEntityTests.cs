using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Ungroup.Ledger;
using Ungroup.Ledger.Table;

namespace Ungroup.Tests.Ledger.Table;

/// <summary>A row of the Table ledger as this version and others write it, in turns.</summary>
public sealed class RecordEntityTests
{
    public static TheoryData<string> RecordsOfBefore => [.. EarlierTable.Rows.Select(row => row.RowKey).Where(key => key.StartsWith("r:", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(RecordsOfBefore))]
    public void A_row_of_an_earlier_version_reads_the_same_once_this_one_has_written_it(string key)
    {
        var before = RecordEntity.Read(Row(key));

        var after = RecordEntity.Read(RecordEntity.Write(before));

        Assert.Equal(before with { Outcome = null }, after with { Outcome = null });
        Assert.Equal((before.Outcome?.Id, before.Outcome?.Type, before.Outcome?.Subject), (after.Outcome?.Id, after.Outcome?.Type, after.Outcome?.Subject));
        Assert.Equal(before.Outcome?.Json.ToArray(), after.Outcome?.Json.ToArray());
    }

    [Theory]
    [MemberData(nameof(RecordsOfBefore))]
    public void An_earlier_version_finds_every_column_that_it_wrote_as_it_wrote_it(string key)
    {
        var before = Row(key);

        var after = RecordEntity.Write(RecordEntity.Read(before));

        Assert.All(before.Where(column => column.Key is not ("WriteId" or "Request")), column => Assert.Equal(column.Value, after[column.Key]));
        Assert.True(JsonNode.DeepEquals(Asked(before), Asked(after)));
    }

    [Fact]
    public void Members_that_only_a_later_version_knows_outlive_a_write_of_this_one()
    {
        var row = RecordEntity.Write(RecordEntity.Read(Row("r:beijing:called")));
        var document = JsonNode.Parse(row.GetBinary("Document"))!;
        document["snapshot"] = new JsonObject { ["eni-1"] = new JsonArray("sg-1") };
        document["request"]!["includeInterfaces"] = true;
        row["Document"] = System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());

        var written = RecordEntity.Write(RecordEntity.Read(row) with { Epoch = 2, State = LedgerState.Claimed });

        document["epoch"] = 2;
        document["state"] = "Claimed";
        Assert.True(JsonNode.DeepEquals(document, JsonNode.Parse(written.GetBinary("Document"))));
    }

    private static TableEntity Row(string key) => EarlierTable.Rows.Single(row => row.RowKey == key);

    private static JsonNode? Asked(TableEntity row) => row.GetBinary("Request") is { } json ? JsonNode.Parse(json) : null;
}
