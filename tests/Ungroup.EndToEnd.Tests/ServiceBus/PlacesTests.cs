using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>Places on a clock that only the test moves, over a quota that the test uses.</summary>
public sealed class PlacesTests : IAsyncDisposable
{
    private const int Size = 16;

    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly ServiceProvider _services;
    private readonly Places _places;

    public PlacesTests()
    {
        // Without a context every continuation runs inside the step of the clock that caused it.
        SynchronizationContext.SetSynchronizationContext(null);
        var settings = new Dictionary<string, string?> { ["Ledger:Kind"] = "Memory", ["Pace:Quotas:LeaveSecurityGroup"] = "60" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddSingleton<Func<double>>(() => 0.5)
            .AddUngroup(configuration).BuildServiceProvider();
        _places = new(Size, _services.GetRequiredService<ReceiveRoom>().ForQueue(Size, forIncidents: false), _clock);
    }

    private Governor Governor => _services.GetRequiredService<Governors>()[Leave];

    private DateTimeOffset Now => _clock.GetUtcNow();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public void All_are_free_where_nothing_is_known() => Assert.Equal(Size, _places.Free);

    [Fact]
    public void Only_what_the_pace_has_turns_for_is_free_and_who_waits_for_a_fall_is_told()
    {
        var fell = _places.Fell;
        Use();
        Assert.True(fell.IsCompleted || _places.Free == Size, "It fell, and nobody was told.");

        Pass(TimeSpan.FromSeconds(0.2));

        Assert.InRange(_places.Free, 4, 8);
        Assert.True(fell.IsCompleted);
    }

    [Fact]
    public void A_message_that_comes_takes_a_place_and_is_no_fall_and_one_that_ends_makes_place_for_the_next()
    {
        var fell = _places.Fell;
        _places.Begin();
        Assert.Equal(Size - 1, _places.Free);

        _places.End();

        Assert.Equal(Size, _places.Free);
        Assert.False(fell.IsCompleted);
    }

    [Fact]
    public async Task Somebody_who_waits_hears_of_the_first_place_that_is_free()
    {
        for (var taken = 0; taken < Size; taken++)
        {
            _places.Begin();
        }

        var waiting = _places.WaitUntilFreeAsync();
        Assert.False(waiting.IsCompleted);
        _places.End();

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task None_is_free_while_the_quota_is_closed_and_then_some_are_without_anybody_asking()
    {
        Use();
        Refuse(TimeSpan.FromSeconds(30));
        Pass(TimeSpan.FromSeconds(0.2));
        Assert.Equal(0, _places.Free);
        var waiting = _places.WaitUntilFreeAsync();

        Pass(TimeSpan.FromSeconds(20));
        Assert.False(waiting.IsCompleted);

        Pass(TimeSpan.FromSeconds(10));
        Assert.InRange(await waiting, 1, 6);
    }

    [Fact]
    public void A_quota_that_is_closed_for_hours_lets_a_message_a_minute_show_whose_it_is()
    {
        Use();
        Refuse(TimeSpan.FromHours(2));
        Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(0, _places.Free);

        Pass(TimeSpan.FromSeconds(12));
        Assert.Equal(1, _places.Free);

        Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(1, _places.Free);

        _places.Begin();
        Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(0, _places.Free);
        _places.End();
        Assert.Equal(0, _places.Free);
    }

    [Fact]
    public async Task After_the_end_none_is_free_and_it_is_idle_when_the_last_message_has_ended()
    {
        _places.Begin();
        var fell = _places.Fell;

        _places.Stop();

        Assert.True(fell.IsCompleted);
        Assert.Equal((0, 0), (_places.Free, await _places.WaitUntilFreeAsync()));
        Assert.False(_places.Idle.IsCompleted);

        _places.End();

        Assert.True(_places.Idle.IsCompleted);
    }

    private void Use()
    {
        for (var tries = 0; !Governor.TryTake(Origin.Upstream, Now, out _); tries++)
        {
            Assert.True(tries < 600, "There has been no turn for a minute.");
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Governor.Passed(Now, isAnswered: true, Now);
    }

    private void Refuse(TimeSpan hint)
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Governor.TryTake(Origin.Upstream, Now, out _));
        Governor.Refused(Now, hint, Now);
    }

    private void Pass(TimeSpan time)
    {
        for (var end = Now + time; Now < end; _clock.Advance(TimeSpan.FromMilliseconds(100)))
        {
        }
    }
}
