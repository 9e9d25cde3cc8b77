using Microsoft.Extensions.Hosting;
using Ungroup.Quotas.Fleet;

namespace Ungroup.Functions;

/// <summary>Shares the quotas with the other instances of the app, also while this one drains.</summary>
internal sealed class SharePace(QuotaExchange exchange) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => exchange.RunAsync(stoppingToken);
}
