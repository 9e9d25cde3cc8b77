using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Intake;
using Ungroup.Jobs.Driving;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Cli.Jobs;

/// <summary>The jobs of the workers' settings: their ledger, and their bus for what has to be sent.</summary>
internal sealed class OpenedJobs(IServiceProvider services)
{
    /// <summary>For jobs of any account: an operator's machine need not have the workers' accounts.</summary>
    public JobQuery Query => new(services.GetRequiredService<JobStatusReader>(), KnownAccounts.Unchecked);

    /// <summary>A new job is about accounts and regions of these settings; whoever decides about one that is there need not have them.</summary>
    public JobDesk Desk => new(
        services.GetRequiredService<JobDoor>(), services.GetRequiredService<JobDecisions>(), services.GetRequiredService<JobFollowUps>(), KnownAccounts.Unchecked,
        services.GetRequiredService<TimeProvider>());

    public LateBus Bus => services.GetRequiredService<LateBus>();

    /// <summary>Opens the ledger, and says why where that cannot be.</summary>
    /// <param name="shell">Where the sentence goes.</param>
    /// <param name="settings">The workers'; read inside, because they may be wrong.</param>
    /// <param name="askAsync">Answers with the exit code.</param>
    public static Task<int> AskAsync(Shell shell, Func<IConfiguration> settings, Func<OpenedJobs, Task<int>> askAsync) => LookedAtLedger.AskAsync(
        shell, settings, ledger => askAsync(new(ledger.Services)), (all, read) => all
            .AddSingleton(_ => new LateBus(read.Values.GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new(), shell))
            .AddSingleton<IRequestBus>(provider => provider.GetRequiredService<LateBus>())
            .AddJobs());

    /// <summary>The same, for what is no use unless the workers hear of it.</summary>
    /// <param name="shell">Where the sentence goes.</param>
    /// <param name="settings">The workers'; read inside, because they may be wrong.</param>
    /// <param name="mustAnswer">Whether the bus has to be there now. A decision is durable without it, and the sweep tells the job.</param>
    /// <param name="askAsync">Answers with the exit code.</param>
    /// <param name="stop">Gives up.</param>
    public static Task<int> SendAsync(Shell shell, Func<IConfiguration> settings, bool mustAnswer, Func<OpenedJobs, Task<int>> askAsync, CancellationToken stop) => AskAsync(
        shell,
        settings,
        async jobs => (mustAnswer ? await jobs.Bus.FindProblemsAsync(stop) : jobs.Bus.Missing) is { Count: > 0 } problems
            ? shell.Refuse(problems)
            : await askAsync(jobs));
}
