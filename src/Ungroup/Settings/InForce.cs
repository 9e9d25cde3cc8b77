using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Holds;
using Ungroup.Ledger;

namespace Ungroup.Settings;

/// <summary>The one line at start that says what this process works with.</summary>
public sealed partial class InForce
{
    private readonly LedgerOptions _ledger;
    private readonly AccountsOptions _accounts;
    private readonly GuardrailOptions _guardrails;
    private readonly HoldRows _holds;
    private readonly ILogger<InForce> _logger;

    internal InForce(
        IOptions<LedgerOptions> ledger, IOptions<AccountsOptions> accounts, IOptions<GuardrailOptions> guardrails, HoldRows holds, ILogger<InForce> logger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentNullException.ThrowIfNull(guardrails);
        (_ledger, _accounts, _guardrails, _holds, _logger) = (ledger.Value, accounts.Value, guardrails.Value, holds, logger);
    }

    /// <summary>Says it. A ledger that does not answer now is no reason not to start.</summary>
    /// <param name="bus">Where messages come from; the host knows.</param>
    /// <param name="cancellationToken">Says nothing any more.</param>
    public async Task SayAsync(string bus, CancellationToken cancellationToken) =>
        LogInForce(Ledger(), bus, Accounts(), Protected(), await HoldsAsync(cancellationToken));

    private async Task<string> HoldsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var holds = await _holds.ReadAsync(cancellationToken);
            return holds.Count == 0 ? "nothing is held" : $"held: {string.Join("; ", holds.Select(hold => $"{hold.Scope} by {hold.By} ({hold.Id})"))}";
        }
        catch (LedgerUnavailableException)
        {
            return "what is held is not known";
        }
    }

    private string Ledger() => _ledger.Kind switch
    {
        LedgerKind.Sqlite => $"SQLite {Path.GetFullPath(_ledger.Path)}",
        LedgerKind.Table => $"table {_ledger.Table}{(_ledger.Endpoint is { } endpoint ? $" at {endpoint}" : "")}",
        _ => "in memory, lost with this process",
    };

    private string Accounts() => string.Join(", ", _accounts.Accounts.OrderBy(account => account.Key, StringComparer.Ordinal).Select(account =>
        $"{account.Key} ({account.Value.Credentials}{(account.Value.DefaultRegion is { } region ? $", {region}" : "")})"));

    private string Protected() =>
        _guardrails.ProtectedGroups.Count + _guardrails.ProtectedResources.Count + _guardrails.ProtectedTags.Count == 0
            ? "nothing"
            : $"{Count(_guardrails.ProtectedGroups.Count, "group")}, {Count(_guardrails.ProtectedResources.Count, "resource")}, {Count(_guardrails.ProtectedTags.Count, "tag")}";

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    [LoggerMessage(100, LogLevel.Information, "In force: ledger {Ledger}; bus {Bus}; accounts {Accounts}; protects {Protected}; {Held}.")]
    private partial void LogInForce(string ledger, string bus, string accounts, string @protected, string held);
}
