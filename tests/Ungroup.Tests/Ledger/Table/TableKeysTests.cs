using Ungroup.Ledger;
using Ungroup.Ledger.Table;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger.Table;

public sealed class TableKeysTests
{
    [Fact]
    public void A_record_is_found_from_its_due_row()
    {
        var record = Record("jobs/2026:17", Some.Now);

        Assert.Equal("r:default:jobs!2026:17", TableKeys.Record(record.Key));
        Assert.Equal("d:2026-01-02T03:04:05.0000000Z:default:jobs!2026:17", TableKeys.Due(record));
        Assert.Equal(TableKeys.Record(record.Key), TableKeys.RecordOf(TableKeys.Due(record)));
    }

    [Fact]
    public void Due_rows_sort_by_their_instant_and_ranges_end_before_it_or_with_it()
    {
        var (at, tick) = (Some.Now, TimeSpan.FromTicks(1));
        var (before, then, after) = (TableKeys.Due(Record("z", at - tick)), TableKeys.Due(Record("m", at)), TableKeys.Due(Record("a", at + tick)));

        string[] sorted = [TableKeys.From(Due.Ending), before, TableKeys.Upto(Due.Ending, at), then, TableKeys.Through(Due.Ending, at), after];

        Assert.Equal(sorted, sorted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Requests_that_count_up_spread_over_all_partitions()
    {
        var shards = Enumerable.Range(0, 1600).CountBy(number => TableKeys.Shard(new("default", $"r-{number}"))).ToDictionary();

        Assert.Equal(TableKeys.Shards.Order(), shards.Keys.Order());
        Assert.All(shards.Values, count => Assert.InRange(count, 60, 140));
    }

    [Fact]
    public void Where_a_record_is_never_changes_or_it_would_be_lost() => Assert.Equal("1", TableKeys.Shard(new("default", "r-1")));

    private static LedgerRecord Record(string requestId, DateTimeOffset deadline) => new()
    {
        Key = new("default", requestId),
        PayloadHash = "",
        State = LedgerState.Claimed,
        FirstSeenAt = Some.Now,
        Deadline = deadline,
        MessageId = "m-1",
        ForgetAt = Some.Now,
    };
}
