using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Ledger;

namespace Ungroup.Settings;

/// <summary>The one line at start that says what this process works with.</summary>
public sealed partial class InForce
{
    private readonly LedgerOptions _ledger;
    private readonly AccountsOptions _accounts;
    private readonly GuardrailOptions _guardrails;
    private readonly ILogger<InForce> _logger;

    internal InForce(
        IOptions<LedgerOptions> ledger, IOptions<AccountsOptions> accounts, IOptions<GuardrailOptions> guardrails, ILogger<InForce> logger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentNullException.ThrowIfNull(guardrails);
        (_ledger, _accounts, _guardrails, _logger) = (ledger.Value, accounts.Value, guardrails.Value, logger);
    }

    /// <param name="bus">Where messages come from; the host knows.</param>
    public void Say(string bus) => LogInForce(Ledger(), bus, Accounts(), Protected());

    private string Ledger() => _ledger.Kind switch
    {
        LedgerKind.Sqlite => $"SQLite {Path.GetFullPath(_ledger.Path)}",
        LedgerKind.Table => $"table {_ledger.Table}{(_ledger.Endpoint is { } endpoint ? $" at {endpoint}" : "")}",
        _ => "in memory, lost with this process",
    };

    private string Accounts() => string.Join(", ", _accounts.Accounts.OrderBy(account => account.Key, StringComparer.Ordinal).Select(account =>
        $"{account.Key} ({account.Value.Credentials}{(account.Value.DefaultRegion is { } region ? $", {region}" : "")})"));

    private string Protected() =>
        _guardrails.ProtectedGroups.Count + _guardrails.ProtectedResources.Count == 0
            ? "nothing"
            : $"{Count(_guardrails.ProtectedGroups.Count, "group")}, {Count(_guardrails.ProtectedResources.Count, "resource")}";

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    [LoggerMessage(100, LogLevel.Information, "In force: ledger {Ledger}; bus {Bus}; accounts {Accounts}; protects {Protected}.")]
    private partial void LogInForce(string ledger, string bus, string accounts, string @protected);
}
