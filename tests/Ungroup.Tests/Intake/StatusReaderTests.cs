using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Intake;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Intake;

public sealed class StatusReaderTests : IAsyncDisposable
{
    private static readonly KnownAccounts Accounts = new(new Dictionary<string, string?> { ["default"] = null, ["beijing"] = null });

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly MemoryLedgerStore _store;
    private readonly HandlerBench _bench;

    public StatusReaderTests()
    {
        _store = new(_clock);
        _bench = new(_clock, _store);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_claimed_request_is_worked_on_until_its_lease_ends_and_waits_then()
    {
        await _bench.Ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken);

        var working = await KnownAsync();
        Assert.Equal((RemovalState.Working, Some.Now.AddMinutes(2), Some.Deadline, 0), (working.State, working.Until, working.Deadline, working.Attempts));
        Assert.Null(working.Outcome);

        _clock.Advance(TimeSpan.FromMinutes(3));
        var waiting = await KnownAsync();
        Assert.Equal((RemovalState.Waiting, null), (waiting.State, waiting.Until));
    }

    [Fact]
    public async Task A_request_that_was_released_waits_and_says_what_ECS_said()
    {
        var claim = await _bench.Ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken);
        var lease = Assert.IsType<Claim.Granted>(claim).Lease;
        await _bench.Ledger.BeginAttemptAsync(lease, TestContext.Current.CancellationToken);
        await _bench.Ledger.ReleaseAsync(lease, Some.Now.AddMinutes(1), mayHaveLeft: false, "Throttling.User", metOthers: false, TestContext.Current.CancellationToken);

        var status = await KnownAsync();

        Assert.Equal(
            (RemovalState.Waiting, Some.Now.AddMinutes(1), 1, "Throttling.User"), (status.State, status.Until, status.Attempts, status.LastCode));
    }

    [Fact]
    public async Task A_request_that_has_ended_carries_its_event_word_for_word_and_no_owner()
    {
        await _bench.HandleAsync(Some.Body[..^1] + ",\"expiresAt\":\"2026-01-01T00:00:00Z\"}");

        var status = await KnownAsync();

        Assert.Equal(RemovalState.Ended, status.State);
        Assert.Equal("Expired", status.Outcome!.Value.GetProperty("data").GetProperty("status").GetString());
        using var json = JsonDocument.Parse(status.ToJson());
        using var told = JsonDocument.Parse(Assert.Single(_bench.Bus.Published).Json);
        Assert.Equal("ended", json.RootElement.GetProperty("state").GetString());
        Assert.True(JsonElement.DeepEquals(told.RootElement, json.RootElement.GetProperty("outcome")));
        Assert.False(json.RootElement.TryGetProperty("owner", out _));
    }

    [Fact]
    public async Task What_the_ledger_does_not_know_is_unknown_in_another_account_too()
    {
        await _bench.HandleAsync(Some.Body[..^1] + ",\"expiresAt\":\"2026-01-01T00:00:00Z\"}");

        Assert.IsType<StatusReading.Unknown>(await ReadAsync("r-2", null));
        Assert.IsType<StatusReading.Unknown>(await ReadAsync("r-1", "beijing"));
        Assert.IsType<StatusReading.Known>(await ReadAsync("r-1", ""));
    }

    [Theory]
    [InlineData(null, null, "requestId")]
    [InlineData("", null, "requestId")]
    [InlineData("r 1", null, "requestId")]
    [InlineData("r-1", "elsewhere", "account")]
    public async Task Who_asks_wrongly_is_told_what_to_change(string? requestId, string? account, string member) =>
        Assert.Equal(member, Assert.IsType<StatusReading.Invalid>(await ReadAsync(requestId, account)).Problem.Member);

    private async Task<RemovalStatus> KnownAsync() => Assert.IsType<StatusReading.Known>(await ReadAsync("r-1", null)).Status;

    private Task<StatusReading> ReadAsync(string? requestId, string? account) =>
        new StatusReader(_bench.Ledger, Accounts).ReadAsync(requestId, account, TestContext.Current.CancellationToken);
}
