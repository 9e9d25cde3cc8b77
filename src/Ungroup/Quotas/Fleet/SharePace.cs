using Microsoft.Extensions.Hosting;

namespace Ungroup.Quotas.Fleet;

/// <summary>Shares the quotas with the other instances for as long as the host lives, also while it drains.</summary>
internal sealed class SharePace(QuotaExchange exchange) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => exchange.RunAsync(stoppingToken);
}
