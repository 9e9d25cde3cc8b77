using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Credentials;
using Ungroup.Ecs.Wire;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Requests;

namespace Ungroup.Tests.Ecs;

/// <summary>Everything between a request and the wire, on a clock that only this moves. Chance always says one half.</summary>
internal sealed class EcsBench
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public EcsBench()
    {
        Ecs = new(Clock);
        Quotas = new(Microsoft.Extensions.Options.Options.Create(new PaceOptions()), new("one"), () => Chance, Clock, NullLogger<QuotaLimiters>.Instance);
        Circuits = new(Clock, NullLogger<CircuitRegistry>.Instance);
        Accounts.Accounts["default"] = new() { Credentials = CredentialsSource.Environment };
        Environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "testAccessKeyId";
        Environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "testAccessKeySecret";
    }

    public FakeTimeProvider Clock { get; } = new(Removals.Start);

    public EcsOptions Options { get; } = new();

    public AccountsOptions Accounts { get; } = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public ScriptedEcs Ecs { get; }

    public QuotaLimiters Quotas { get; }

    public CircuitRegistry Circuits { get; }

    public double Chance { get; set; } = 0.5;

    public Func<string>? Nonce { get; init; }

    public ILogger<RefreshingCredentials> IssuingLog { get; init; } = NullLogger<RefreshingCredentials>.Instance;

    public CancellationTokenSource Drain { get; } = new();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public EcsClient Client => field ??= CreateClient();

    public EcsReply Send(EcsCall call) => Finish(() => Client.SendAsync(call, Drain.Token));

    public MembershipRead ReadMembership() => Finish(() => Membership.ReadAsync(
        new(Client, new(Circuits, Quotas), new(Microsoft.Extensions.Options.Options.Create(Options), Clock, () => Chance), Removals.Progress, Removals.Request.Origin),
        Removals.Request,
        Drain.Token));

    public RemovalResult Run(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Finish(() => Procedure.RemoveAsync(request ?? Removals.Request, progress ?? Removals.Progress, Drain.Token));

    public RemovalResult Plan(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Finish(() => Procedure.PlanAsync(request ?? Removals.Request, progress ?? Removals.Progress, Drain.Token));

    public Outcome End(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Assert.IsType<RemovalResult.Decided>(Run(request, progress)).Outcome;

    public RemovalResult.Wait Wait(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Assert.IsType<RemovalResult.Wait>(Run(request, progress));

    public RemovalProcedure Procedure
    {
        get
        {
            var options = Microsoft.Extensions.Options.Options.Create(Options);
            var waits = new Waits(options, Clock, () => Chance);
            return new(
                new(Client, new(Circuits, Quotas), new(options, Clock, () => Chance), waits), waits, NullLogger<RemovalProcedure>.Instance);
        }
    }

    private EcsClient CreateClient() => ClientOn(Clock);

    public EcsClient ClientOn(TimeProvider clock)
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        var http = new HttpMessageInvoker(Ecs, disposeHandler: false);
        var accounts = ConfiguredAccounts.Of(
            Accounts, Options, name => Environment.GetValueOrDefault(name), new(http, http, Clock, () => Chance, IssuingLog));
        var logger = NullLogger<EcsClient>.Instance;
        return Nonce is { } nonce ? new(Ecs, accounts, options, clock, logger) { Nonce = nonce } : new(Ecs, accounts, options, clock, logger);
    }

    /// <summary>Starts a removal, moves the clock just so far, and leaves the rest to the caller.</summary>
    public Task<RemovalResult> RunFor(params TimeSpan[] steps) => WithoutContext(() =>
    {
        var run = Procedure.RemoveAsync(Removals.Request, Removals.Progress, Drain.Token);
        Array.ForEach(steps, Clock.Advance);
        return run;
    });

    /// <summary>Moves the clock until the work is done.</summary>
    public T Finish<T>(Func<Task<T>> start) => WithoutContext(() =>
    {
        var task = start();
        for (var limit = Now + TimeSpan.FromHours(1); !task.IsCompleted; Clock.Advance(Step))
        {
            Assert.True(Now < limit, "It still has not ended after an hour.");
        }

        return task.GetAwaiter().GetResult();
    });

    /// <summary>Without a context every continuation runs inside the step of the clock that caused it.</summary>
    private static T WithoutContext<T>(Func<T> work)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
