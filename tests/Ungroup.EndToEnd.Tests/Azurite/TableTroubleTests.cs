using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Ungroup.Ledger;
using Ungroup.Ledger.Table;
using Ungroup.Tests.Support;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>A sentence says what is wrong with an account or a table, at the start where it can.</summary>
public sealed class TableTroubleTests(StorageAccount storage) : IAsyncLifetime
{
    private TableBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TableClient Table => new(_bench.Options.ConnectionString, _bench.Options.Table);

    public async ValueTask InitializeAsync() => _bench = await TableBench.StartAsync(storage);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void A_wrong_key_is_told_at_the_start_and_not_repeated()
    {
        var key = Convert.ToBase64String(new byte[64]);

        var sentence = Refusal(_bench.Options.ConnectionString!.Split(';').Select(part => part.StartsWith("AccountKey", StringComparison.Ordinal) ? $"AccountKey={key}" : part));

        Assert.Contains("may not be used: 403", sentence, StringComparison.Ordinal);
        Assert.Contains("Ledger:ConnectionString", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(key, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_cannot_be_reached_is_told_at_the_start()
    {
        var sentence = Refusal(["AccountName=devstoreaccount1", "AccountKey=AAAA", "TableEndpoint=http://127.0.0.1:9/devstoreaccount1"]);

        Assert.Contains("http://127.0.0.1:9/devstoreaccount1/", sentence, StringComparison.Ordinal);
        Assert.Contains("did not answer 3 times in a row", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_without_an_identity_is_told_so_at_the_start()
    {
        var options = new LedgerOptions { Kind = LedgerKind.Table, Endpoint = "https://127.0.0.1:9/" };

        var error = Assert.Throws<LedgerUnavailableException>(
            () => TableOpening.Open(options, () => new Nobody(), new(), TimeProvider.System, () => 0));

        Assert.Contains("no identity that Azure accepts (nobody is logged in)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Ledger:Endpoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_another_version_is_left_alone()
    {
        await Table.UpsertEntityAsync(new TableEntity("about", "about") { ["Format"] = 99 }, TableUpdateMode.Replace, Stop);

        var error = Assert.Throws<LedgerUnavailableException>(() => _bench.Network.Open(_bench.Options));

        Assert.Contains("another version of Ungroup (rows 99, expected 1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_was_deleted_is_not_silently_begun_anew()
    {
        await Table.DeleteAsync(Stop);

        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _bench.ClaimAsync());

        Assert.Contains("the table was deleted", error.Message, StringComparison.Ordinal);
        Assert.Equal(LedgerTrouble.Gone, error.Trouble);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _bench.Store.ReadAsync(new("default", "r-1"), Stop));
    }

    [Fact]
    public async Task Fault_42_A_row_that_the_service_refuses_for_good_is_refused_and_not_asked_for_again_and_again()
    {
        var tooLong = new string('m', 40_000);

        var claim = await _bench.Ledger.ClaimAsync(Some.Request(), tooLong, TimeProvider.System.GetUtcNow().AddDays(1), Stop);

        Assert.Contains("refuses a record: 400 PropertyValueTooLarge", Assert.IsType<Claim.Refused>(claim).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "PropertyValueTooLarge", true)]
    [InlineData(400, "EntityTooLarge", true)]
    [InlineData(400, "InvalidInput", true)]
    [InlineData(413, "RequestBodyTooLarge", true)]
    [InlineData(413, null, true)]
    [InlineData(400, null, false)]
    [InlineData(400, "InvalidAuthenticationInfo", false)]
    [InlineData(403, "AuthenticationFailed", false)]
    [InlineData(404, "TableNotFound", false)]
    [InlineData(405, "UnsupportedHttpVerb", false)]
    [InlineData(409, "TableBeingDeleted", false)]
    public void Only_a_no_that_is_about_the_row_is_one_for_good(int status, string? code, bool isForGood) =>
        Assert.Equal(isForGood, TableFault.IsAboutTheRow(new RequestFailedException(status, "No.", code, null)));

    [Fact]
    public async Task A_due_row_without_a_record_is_taken_away_and_holds_nothing_up()
    {
        await _bench.DecideAsync();
        foreach (var row in (string[])["p:2026-01-01T00:00:00.0000000Z:default:lost", "f:2026-01-01T00:00:00.0000000Z:default:lost"])
        {
            await Table.AddEntityAsync(new TableEntity("0", row), Stop);
        }

        Assert.Single(await _bench.Store.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 10, Stop));
        Assert.Equal(0, await _bench.Ledger.ForgetAsync(Stop));

        Assert.Empty(await Table.QueryAsync<TableEntity>("RowKey lt 'r:' and PartitionKey eq '0' and RowKey ge '0'", cancellationToken: Stop)
            .Where(row => row.RowKey.EndsWith("lost", StringComparison.Ordinal)).ToListAsync(Stop));
    }

    [Fact]
    public async Task A_record_whose_due_row_was_taken_away_goes_on_and_gets_a_new_one()
    {
        var lease = await _bench.ClaimAsync();
        await DeleteDueRowAsync(lease.Record);
        Assert.True(await _bench.Ledger.RecordAsync(lease, TableBench.Event(), Stop));
        await DeleteDueRowAsync(lease.Record);

        await _bench.Ledger.MarkPublishedAsync([lease.Stored], Stop);

        Assert.Equal(LedgerState.Published, Assert.Single(await _bench.Store.ReadDueAsync(Due.Forgetting, DateTimeOffset.MaxValue, behind: null, 10, Stop)).Record.State);
    }

    [Fact]
    public async Task Without_the_services_time_a_lease_is_never_over()
    {
        var lease = await _bench.ClaimAsync();
        _bench.Network.Answering = answer => answer.Headers.Date = null;

        var stored = (await _bench.Store.ReadAsync(lease.Record.Key, Stop))!;

        Assert.Equal(_bench.Options.Lease, stored.LeaseLeft);
        Assert.True(await _bench.Ledger.BeginAttemptAsync(lease, Stop));
    }

    private Task<Response> DeleteDueRowAsync(LedgerRecord record) =>
        Table.DeleteEntityAsync(TableKeys.Shard(record.Key), TableKeys.Due(record), ETag.All, Stop);

    private static string Refusal(IEnumerable<string> connectionString)
    {
        var options = new LedgerOptions { Kind = LedgerKind.Table, ConnectionString = string.Join(';', connectionString) };
        return Assert.Throws<LedgerUnavailableException>(() => new StorageNetwork().Open(options)).Message;
    }

    private sealed class Nobody : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nobody is logged in\nat all");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nobody is logged in\nat all");
    }
}
