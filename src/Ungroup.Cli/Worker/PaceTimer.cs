using Microsoft.Extensions.Hosting;
using Ungroup.Quotas.Fleet;

namespace Ungroup.Cli.Worker;

/// <summary>Shares the quotas with the other workers for as long as this one lives.</summary>
internal sealed class PaceTimer(QuotaExchange exchange) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => exchange.RunAsync(stoppingToken);
}
