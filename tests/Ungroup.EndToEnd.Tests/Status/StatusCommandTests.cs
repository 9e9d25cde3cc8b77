using Ungroup.Cli.Sandbox;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Status;

public sealed class StatusCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Terminal _terminal = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_request_is_told_with_its_outcome_and_one_that_waits_with_what_it_waits_for()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(2, withFaults: false));
        var ledger = _scratch.File("ledger.db", "");
        await using (var worker = cloud.StartWorker(new(["--ledger", "sqlite", "--ledger-path", ledger], [])))
        {
            var (id, body) = CrashWorld.Request(1);
            await cloud.SendAsync([CrashWorld.Request(0), (id, body.Replace("sg-crash-web", "sg-nowhere", StringComparison.Ordinal))], Terminal.Patience);
            await worker.UntilAsync(() => cloud.Queue("removals") is { Active: 0, Locked: 0 } && cloud.Queue(Cloud.AllOutcomes).Active == 2, () => "not ended", Terminal.Patience);
        }

        Assert.Equal(0, await _terminal.RunAsync("status", "r-0", "--ledger-path", ledger));
        Assert.Contains("r-0 of account default: Removed, decided", _terminal.Out, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"ungroup.removal.Removed.v1\"", _terminal.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _terminal.RunAsync("status", "r-1", "--ledger-path", ledger));
        Assert.Contains("r-1 of account default: Failed (InvalidSecurityGroupId.NotFound)", _terminal.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_nobody_has_seen_is_said_to_be_unknown()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(1, withFaults: false));

        Assert.Equal(1, await _terminal.RunAsync("status", "r-9", "--account", "other", "--ledger-path", _scratch.File("ledger.db", "")));

        Assert.Contains("The ledger knows no request r-9 of account other.", _terminal.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no ledger /nowhere/ledger.db", "--ledger-path", "/nowhere/ledger.db")]
    [InlineData("A ledger in memory is its worker's alone", "--ledger", "memory")]
    public async Task A_ledger_that_cannot_be_looked_at_is_named(string sentence, params string[] arguments)
    {
        Assert.Equal(2, await _terminal.RunAsync(["status", "r-1", .. arguments]));

        Assert.Contains(sentence, _terminal.Error, StringComparison.Ordinal);
    }
}
