using Amqp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Cli.Amqp;
using Ungroup.Quotas;

namespace Ungroup.EndToEnd.Tests.Amqp;

/// <summary>A window on a clock that only the test moves, over a quota that the test uses.</summary>
public sealed class CreditWindowTests : IAsyncDisposable
{
    private const int Size = 16;

    private static readonly PacedCall Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly object _link = new();
    private readonly ServiceProvider _services;
    private readonly CreditWindow _window;
    private int _credit;
    private CreditMode _mode;

    public CreditWindowTests()
    {
        var settings = new Dictionary<string, string?> { ["Ledger:Kind"] = "Memory", ["Pace:Quotas:LeaveSecurityGroup"] = "60" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddSingleton<Func<double>>(() => 0.5)
            .AddUngroup(configuration).BuildServiceProvider();
        _window = new(Size, _services.GetRequiredService<ReceiveBudget>().ForQueue(Size, forIncidents: false), _clock);
    }

    private QuotaLimiters Limiters => _services.GetRequiredService<QuotaLimiters>();

    private DateTimeOffset Now => _clock.GetUtcNow();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public void All_that_is_free_is_given_where_nothing_is_known()
    {
        Attach();

        Assert.Equal(Size, _credit);
    }

    [Fact]
    public void Only_what_the_pace_has_turns_for_is_given()
    {
        Use();
        Attach();

        Assert.InRange(_credit, 4, 8);
    }

    [Fact]
    public void A_delivery_that_ends_makes_place_for_the_next()
    {
        Use();
        Attach();
        var given = _credit;
        Take();
        Assert.Equal(given - 1, _credit);

        _window.End();

        Assert.Equal(given, _credit);
    }

    [Fact]
    public void Nothing_is_given_while_the_quota_is_closed_and_then_it_is_without_anybody_asking()
    {
        Use();
        Refuse(TimeSpan.FromSeconds(30));
        Attach();
        Assert.Equal(0, _credit);

        Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _credit);

        Pass(TimeSpan.FromSeconds(10));
        Assert.InRange(_credit, 1, 6);
    }

    [Fact]
    public void A_quota_that_is_closed_for_hours_lets_a_message_a_minute_show_whose_it_is()
    {
        Use();
        Refuse(TimeSpan.FromHours(2));
        Attach();
        Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(0, _credit);

        Pass(TimeSpan.FromSeconds(12));
        Assert.Equal(1, _credit);

        Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(1, _credit);
    }

    [Fact]
    public void What_was_given_over_a_link_that_is_gone_is_given_anew_over_the_next()
    {
        Attach();
        _window.Detach();
        _credit = 0;
        Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(0, _credit);

        Attach();

        Assert.Equal(Size, _credit);
    }

    [Fact]
    public void After_the_end_nothing_is_given_and_it_is_idle_when_the_last_delivery_has_ended()
    {
        Use();
        Attach();
        Take();

        _window.Stop();
        Assert.Equal(CreditMode.Drain, _mode);
        var left = _credit;
        Assert.False(_window.TryBegin(_link));
        Pass(TimeSpan.FromSeconds(5));
        Assert.False(_window.Idle.IsCompleted);

        _window.End();

        Assert.True(_window.Idle.IsCompleted);
        Assert.Equal(left, _credit);
    }

    private void Attach()
    {
        // Without a context every continuation runs inside the step of the clock that caused it.
        SynchronizationContext.SetSynchronizationContext(null);
        _window.Attach(_link, (credit, mode) =>
        {
            _mode = mode;
            _credit += mode == CreditMode.Manual ? credit : 0;
        });
    }

    private void Take()
    {
        Assert.True(_window.TryBegin(_link));
        _credit--;
    }

    private void Use()
    {
        for (var tries = 0; tries < 600; tries++)
        {
            using var permit = Limiters.TryTake(Leave, out _);
            if (permit is not null)
            {
                permit.Sending();
                permit.Passed();
                return;
            }

            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.Fail("There has been no permit for a minute.");
    }

    private void Refuse(TimeSpan hint)
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        using var permit = Limiters.TryTake(Leave, out _);
        permit!.Sending();
        permit.Throttled(hint, "Throttling.User");
    }

    private void Pass(TimeSpan time)
    {
        for (var end = Now + time; Now < end; _clock.Advance(TimeSpan.FromMilliseconds(100)))
        {
        }
    }
}
