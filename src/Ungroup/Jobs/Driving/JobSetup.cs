using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ungroup.Jobs.Selecting;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Jobs.Driving;

/// <summary>Jobs in a host.</summary>
public static class JobSetup
{
    /// <summary>
    /// Registers <see cref="JobHandler"/> and what it needs, beside what <see cref="Setup"/> registers. The host brings an <see cref="IRequestBus"/>
    /// and receives the queue that jobs are driven by.
    /// </summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobReader>();
        services.AddSingleton<JobPlanner>();
        services.AddSingleton<JobChildren>();
        services.AddSingleton<JobClock>();
        services.AddSingleton<JobDriver>();
        services.AddSingleton<DriverQueue>();
        services.AddSingleton<JobDecisions>();
        services.AddSingleton<JobFollowUps>();
        services.AddSingleton<JobStatusReader>();
        services.AddSingleton<JobSweep>();
        services.AddSingleton<JobDoor>();
        services.AddSingleton<ApprovalRule>();
        services.AddSingleton(provider => new JobHandler(
            provider.GetRequiredService<JobStore>(), provider.GetRequiredService<JobDriver>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<JobHandler>>()));
        return services;
    }
}
