using Microsoft.Extensions.Logging.Abstractions;
using Ungroup.Functions.Invocations;

namespace Ungroup.Functions.Tests.Invocations;

public sealed class DrainTests : IDisposable
{
    private readonly Drain _drain = new(NullLogger<Drain>.Instance);

    public void Dispose() => _drain.Dispose();

    [Fact]
    public async Task An_idle_process_ends_at_once_and_says_so_to_what_might_begin()
    {
        await _drain.StartAsync(TestContext.Current.CancellationToken);
        await InvokeAsync(Task.CompletedTask);
        Assert.False(_drain.Ending.IsCancellationRequested);

        await _drain.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(_drain.Ending.IsCancellationRequested);
    }

    [Fact]
    public async Task What_has_begun_is_waited_for_and_told_to_end()
    {
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        var invocations = Task.WhenAll(InvokeAsync(first.Task), InvokeAsync(second.Task));

        var stopping = _drain.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(_drain.Ending.IsCancellationRequested);
        first.SetResult();
        Assert.False(stopping.IsCompleted);
        second.SetException(new InvalidOperationException("It failed."));

        await stopping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => invocations);
    }

    [Fact]
    public async Task The_hosts_patience_is_the_limit()
    {
        using var patience = new CancellationTokenSource();
        var never = InvokeAsync(new TaskCompletionSource().Task);

        var stopping = _drain.StopAsync(patience.Token);
        Assert.False(stopping.IsCompleted);
        await patience.CancelAsync();

        await stopping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(never.IsCompleted);
    }

    private Task InvokeAsync(Task work) => new CountInvocations(_drain).Invoke(null!, _ => work);
}
