using System.Text;
using Ungroup.Ledger;

namespace Ungroup.Tests.Ledger;

/// <summary>Rows on any store.</summary>
public abstract class RowStoreContract(Stores kind) : StoreContract(kind)
{
    private const string Partition = "job:default:JOB-7";

    [Fact]
    public async Task Rows_are_read_in_the_order_of_their_names_between_two_of_them()
    {
        await WriteAsync(new RowChange.Put("b", Bytes("2")), new RowChange.Put("a:1", Bytes("1")), new RowChange.Put("B", Bytes("3")), new RowChange.Put("a:10", Bytes("4")));

        Assert.Equal(["B", "a:1", "a:10", "b"], await NamesAsync("", "~"));
        Assert.Equal(["a:1", "a:10"], await NamesAsync("a:", "a:~"));
        Assert.Equal(["a:1"], await NamesAsync("a:1", "a:10"));
        Assert.Equal(["B", "a:1"], await NamesAsync("", "~", atMost: 2));
        Assert.Empty(await One.ReadRowsAsync("job:default:JOB-8", "", "~", 10, Stop));
    }

    [Fact]
    public async Task A_write_is_made_whole_or_not_at_all()
    {
        await WriteAsync(new RowChange.Put("head", Bytes("1")));

        Assert.Null(await WriteAsync(new RowChange.Put("other", Bytes("2")), new RowChange.Add("head", Bytes("2"))));
        Assert.Null(await WriteAsync(new RowChange.Put("other", Bytes("2")), new RowChange.Delete("none")));

        Assert.Equal(["head"], await NamesAsync("", "~"));
        Assert.Equal("1", Text(await One.ReadRowAsync(Partition, "head", Stop)));
    }

    [Fact]
    public async Task A_row_is_replaced_by_whoever_has_read_its_last_version()
    {
        var first = (await WriteAsync(new RowChange.Add("head", Bytes("1"))))!;
        var read = (await Two.ReadRowAsync(Partition, "head", Stop))!;
        Assert.Equal(first[0], read.Version);

        var second = await Two.WriteRowsAsync(Partition, [new RowChange.Replace("head", Bytes("2"), read.Version), new RowChange.Put("part:1", Bytes("x"))], Stop);

        Assert.NotNull(second);
        Assert.Null(await WriteAsync(new RowChange.Replace("head", Bytes("3"), first[0]!)));
        Assert.NotNull(await WriteAsync(new RowChange.Replace("head", Bytes("3"), second[0]!)));
        Assert.Equal("3", Text(await Two.ReadRowAsync(Partition, "head", Stop)));
    }

    [Fact]
    public async Task A_version_is_not_used_again_by_a_row_that_comes_after_one_that_is_gone()
    {
        var first = (await WriteAsync(new RowChange.Add("head", Bytes("1"))))!;
        await WriteAsync(new RowChange.Delete("head"));
        await WriteAsync(new RowChange.Add("head", Bytes("2")));

        Assert.Null(await WriteAsync(new RowChange.Replace("head", Bytes("3"), first[0]!)));
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_is_first()
    {
        var version = (await WriteAsync(new RowChange.Add("head", Bytes("0"))))![0]!;
        IRowStore[] stores = [One, Two];

        var written = await Task.WhenAll(Enumerable.Range(0, 16).Select(at => Task.Run(() => stores[at % 2].WriteRowsAsync(
            Partition, [new RowChange.Replace("head", Bytes($"{at}"), version), new RowChange.Put($"part:{at}", Bytes($"{at}"))], Stop))));

        Assert.Single(written, one => one is not null);
        Assert.Equal(2, (await NamesAsync("", "~")).Count);
    }

    [Fact]
    public async Task A_hundred_rows_go_at_once_and_a_large_one_comes_back_whole()
    {
        var large = new byte[700 * 1024];
        new Random(1).NextBytes(large);
        await WriteAsync([.. Enumerable.Range(0, 99).Select(at => new RowChange.Put($"row:{at:D3}", Bytes($"{at}"))), new RowChange.Put("large", large)]);

        Assert.Equal(100, (await NamesAsync("", "~")).Count);
        Assert.True((await One.ReadRowAsync(Partition, "large", Stop))!.Content.Span.SequenceEqual(large));
        Assert.Equal(99, await One.ReadAllAsync(Partition, "row:", 40, Stop).CountAsync(Stop));
        Assert.NotNull(await WriteAsync([.. Enumerable.Range(0, 99).Select(at => new RowChange.Delete($"row:{at:D3}"))]));
        Assert.Equal(["large"], await NamesAsync("", "~"));
    }

    private IRowStore One => field ??= StoreOf(new("one")).Rows;

    private IRowStore Two => field ??= StoreOf(new("two")).Rows;

    private Task<IReadOnlyList<string?>?> WriteAsync(params RowChange[] changes) => One.WriteRowsAsync(Partition, changes, Stop);

    private async Task<IReadOnlyList<string>> NamesAsync(string from, string before, int atMost = 1_000) =>
        [.. (await Two.ReadRowsAsync(Partition, from, before, atMost, Stop)).Select(row => row.Name)];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string? Text(StoredRow? row) => row is null ? null : Encoding.UTF8.GetString(row.Content.Span);
}
