using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ungroup.Cli.Worker;
using Ungroup.Holds;
using Ungroup.Intake;
using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.Settings;

namespace Ungroup.Cli.Status;

/// <summary>The ledger of the workers' settings, for commands that look at what workers do, or hold it back.</summary>
internal sealed class LookedAtLedger : IAsyncDisposable
{
    // SQLite's codes for a file of another kind, and for one that it may not open.
    private const int NotADatabase = 26;
    private const int CannotOpen = 14;

    private readonly ServiceProvider _services;

    private LookedAtLedger(ServiceProvider services) => _services = services;

    public IServiceProvider Services => _services;

    public ILedgerStore Store => _services.GetRequiredService<ILedgerStore>();

    /// <summary>For holds of any account: an operator's machine need not have the workers' accounts.</summary>
    public HoldDesk Holds => new(
        _services.GetRequiredService<HoldRows>(), Store, KnownAccounts.Unchecked, _services.GetRequiredService<TimeProvider>());

    /// <param name="configuration">The workers'.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="more">Registers what the command needs beside the ledger; null for nothing.</param>
    /// <exception cref="BadSettingsException">There is no such ledger: to look is no reason to make one.</exception>
    public static LookedAtLedger Open(IConfiguration configuration, TimeProvider clock, Action<IServiceCollection, StrictSettings>? more = null)
    {
        var settings = WorkerSettings.Strict(configuration);
        if (settings.Problems.Count == 0)
        {
            Check(settings.Values);
        }

        var all = new ServiceCollection().AddLogging().AddSingleton(clock).AddUngroup(settings);
        more?.Invoke(all, settings);
        var services = all.BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return new(services);
        }
        catch (Exception error) when (SettingSentences.In(error) is { Count: > 0 } sentences)
        {
            services.Dispose();
            throw new BadSettingsException(sentences);
        }
    }

    /// <summary>Opens the ledger, and says why where it cannot be looked at.</summary>
    /// <param name="shell">Where the sentence goes.</param>
    /// <param name="settings">The workers'; read inside, because they may be wrong.</param>
    /// <param name="lookAsync">Answers with the exit code.</param>
    /// <param name="more">Registers what the command needs beside the ledger; null for nothing.</param>
    public static async Task<int> AskAsync(
        Shell shell, Func<IConfiguration> settings, Func<LookedAtLedger, Task<int>> lookAsync, Action<IServiceCollection, StrictSettings>? more = null)
    {
        try
        {
            await using var ledger = Open(settings(), shell.Clock, more);
            return await lookAsync(ledger);
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
        catch (LedgerUnavailableException away)
        {
            return shell.Refuse(away.Message);
        }
    }

    public static void Check(IConfiguration configuration)
    {
        var options = configuration.GetSection(LedgerOptions.Section).Get<LedgerOptions>() ?? new();
        if (options.Kind == LedgerKind.Memory)
        {
            throw new BadSettingsException(["A ledger in memory is its worker's alone; expected the worker's --ledger-path."]);
        }

        if (options.Kind == LedgerKind.Sqlite && !File.Exists(options.Path))
        {
            throw new BadSettingsException([$"There is no ledger {options.Path}; expected the worker's --ledger-path."]);
        }

        if (options.Kind == LedgerKind.Sqlite && !IsLedger(options.Path))
        {
            throw new BadSettingsException([$"{options.Path} is no ledger; expected the worker's --ledger-path."]);
        }
    }

    // Opened read-only, so that nothing is written into it or beside it. An empty file is about to be a ledger.
    private static bool IsLedger(string path)
    {
        if (new FileInfo(path).Length == 0)
        {
            return true;
        }

        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var command = new SqliteCommand("SELECT count(*) FROM sqlite_schema WHERE name = 'records'", connection);
            return (long)command.ExecuteScalar()! == 1;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is NotADatabase or CannotOpen)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
