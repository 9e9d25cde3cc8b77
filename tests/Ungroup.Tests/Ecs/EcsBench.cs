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
using Ungroup.Pace;
using Ungroup.Requests;

namespace Ungroup.Tests.Ecs;

/// <summary>Everything between a request and the wire, on a clock that only this moves. Chance always says one half.</summary>
internal sealed class EcsBench
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public EcsBench()
    {
        Ecs = new(Clock);
        Governors = new(Microsoft.Extensions.Options.Options.Create(new PaceOptions()), () => Chance);
        Quotas = new(Governors, Clock, NullLogger<QuotaRegistry>.Instance);
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

    public Governors Governors { get; }

    public QuotaRegistry Quotas { get; }

    public CircuitRegistry Circuits { get; }

    public double Chance { get; set; } = 0.5;

    public Func<string>? Nonce { get; init; }

    public ILogger<RefreshingCredentials> IssuingLog { get; init; } = NullLogger<RefreshingCredentials>.Instance;

    public CancellationTokenSource Drain { get; } = new();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public EcsClient Client => field ??= CreateClient();

    public EcsReply Send(EcsCall call) => Finish(() => Client.SendAsync(call, Drain.Token).AsTask());

    public MembershipRead ReadMembership() => Finish(() => Membership.ReadAsync(
        new(Client, new(Circuits, Quotas), new(Microsoft.Extensions.Options.Options.Create(Options), Clock, () => Chance), Removals.Progress, Removals.Request),
        Removals.Request,
        Drain.Token));

    public RemovalVerdict Run(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Finish(() => Procedure.RunAsync(request ?? Removals.Request, progress ?? Removals.Progress, Drain.Token));

    public RemovalVerdict Plan(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Finish(() => Procedure.PlanAsync(request ?? Removals.Request, progress ?? Removals.Progress, Drain.Token));

    public Outcome End(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Assert.IsType<RemovalVerdict.Ended>(Run(request, progress)).Outcome;

    public RemovalVerdict.Wait Wait(RemovalRequest? request = null, RemovalProgress? progress = null) =>
        Assert.IsType<RemovalVerdict.Wait>(Run(request, progress));

    public RemovalProcedure Procedure
    {
        get
        {
            var options = Microsoft.Extensions.Options.Options.Create(Options);
            return new(Client, new(Circuits, Quotas), new(options, Clock, () => Chance), new(options, Clock, () => Chance));
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
    public Task<RemovalVerdict> RunFor(params TimeSpan[] steps) => WithoutContext(() =>
    {
        var run = Procedure.RunAsync(Removals.Request, Removals.Progress, Drain.Token);
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
