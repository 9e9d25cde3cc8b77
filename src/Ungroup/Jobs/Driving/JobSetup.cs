using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ungroup.Jobs.Selecting;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Jobs.Driving;

internal static class JobSetup
{
    /// <summary>Jobs, beside what <see cref="Setup"/> registers, for a host that brings an <see cref="IRequestBus"/> and drives them.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobReader>();
        services.AddSingleton<JobPlanner>();
        services.AddSingleton<JobChildren>();
        services.AddSingleton<JobClock>();
        services.AddSingleton<JobDriver>();
        services.AddSingleton<JobDecisions>();
        services.AddSingleton<JobStatusReader>();
        services.AddSingleton<JobSweep>();
        services.AddSingleton<JobDoor>();
        services.AddSingleton<ApprovalRule>();
        services.AddSingleton(provider => new JobHandler(
            provider.GetRequiredService<JobStore>(), provider.GetRequiredService<JobDriver>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<JobHandler>>()));
        return services;
    }
}
