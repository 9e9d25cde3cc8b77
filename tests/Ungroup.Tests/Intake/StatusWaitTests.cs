using Microsoft.Extensions.Time.Testing;
using Ungroup.Intake;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Intake;

public sealed class StatusWaitTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly HandlerBench _bench;
    private readonly StatusWait _wait;

    public StatusWaitTests()
    {
        _bench = new(_clock, new MemoryLedgerStore(_clock));
        _wait = new(new(_bench.Ledger, new(new Dictionary<string, string?> { ["default"] = null })), _clock);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task It_answers_within_a_second_of_the_outcome()
    {
        var claim = await _bench.Ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken);
        var asked = WaitAsync("60");
        Advance(TimeSpan.FromSeconds(20));
        Assert.False(asked.IsCompleted);

        await _bench.Ledger.RecordAsync(Assert.IsType<Claim.Granted>(claim).Lease, Told, TestContext.Current.CancellationToken);
        Advance(TimeSpan.FromSeconds(1));

        Assert.True(asked.IsCompleted);
        Assert.Equal(RemovalState.Ended, Assert.IsType<StatusReading.Known>(await asked).Status.State);
    }

    [Fact]
    public async Task What_has_not_ended_in_time_is_told_as_it_is_then()
    {
        await _bench.Ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken);

        var asked = WaitAsync("200");
        Advance(TimeSpan.FromSeconds(199));
        Assert.False(asked.IsCompleted);
        Advance(TimeSpan.FromSeconds(1));

        Assert.True(asked.IsCompleted);
        Assert.Equal(RemovalState.Waiting, Assert.IsType<StatusReading.Known>(await asked).Status.State);
    }

    [Fact]
    public async Task A_request_that_nobody_has_taken_up_yet_is_waited_for_too()
    {
        var asked = WaitAsync("60");
        Advance(TimeSpan.FromSeconds(5));
        await _bench.Ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, TestContext.Current.CancellationToken);
        Advance(TimeSpan.FromSeconds(55));

        Assert.IsType<StatusReading.Known>(await asked);
    }

    [Fact]
    public async Task A_host_that_ends_answers_with_what_it_knows()
    {
        using var ending = new CancellationTokenSource();
        var asked = _wait.ReadAsync("r-1", null, "60", ending.Token, TestContext.Current.CancellationToken);
        await ending.CancelAsync();

        Assert.IsType<StatusReading.Unknown>(await asked);
    }

    [Fact]
    public async Task When_nobody_waits_any_more_the_asking_ends()
    {
        using var gone = new CancellationTokenSource();
        var asked = _wait.ReadAsync("r-1", null, "60", CancellationToken.None, gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Theory]
    [InlineData("201")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("60s")]
    [InlineData("60,60")]
    [InlineData(" 60")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public async Task Any_other_wait_is_refused(string wait)
    {
        var problem = Assert.IsType<StatusReading.Invalid>(await WaitAsync(wait)).Problem;

        Assert.Equal("wait", problem.Member);
        Assert.Contains("0 to 200", problem.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    public async Task Without_a_wait_the_answer_is_at_once(string? wait) => Assert.IsType<StatusReading.Unknown>(await WaitAsync(wait));

    [Fact]
    public async Task Who_asks_wrongly_is_told_at_once() =>
        Assert.IsType<StatusReading.Invalid>(await _wait.ReadAsync("r 1", null, "60", CancellationToken.None, TestContext.Current.CancellationToken));

    private static OutcomeEvent Told { get; } = new("e-1", "ungroup.removal.Removed.v1", "i-1", """{"data":{"status":"Removed"}}"""u8.ToArray());

    private Task<StatusReading> WaitAsync(string? wait) => _wait.ReadAsync("r-1", null, wait, CancellationToken.None, TestContext.Current.CancellationToken);

    // In steps, so that each look schedules the next. The store answers at once, so that each has looked when its step is over.
    private void Advance(TimeSpan time)
    {
        for (var step = TimeSpan.FromMilliseconds(100); time > TimeSpan.Zero; time -= step)
        {
            _clock.Advance(step);
        }
    }
}
