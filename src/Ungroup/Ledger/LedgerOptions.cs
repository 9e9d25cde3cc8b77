using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Ungroup.Ledger;

internal enum LedgerKind
{
    /// <summary>Lost when the process ends. For tests.</summary>
    Memory,

    /// <summary>One file, durable, for all processes of one machine.</summary>
    Sqlite,

    /// <summary>A table of Azure Table Storage, for any number of machines.</summary>
    Table,
}

/// <summary>Section <c>Ledger</c>.</summary>
internal sealed class LedgerOptions
{
    public const string Section = "Ledger";

    /// <summary>Where records are kept. Default: Sqlite.</summary>
    public LedgerKind Kind { get; set; } = LedgerKind.Sqlite;

    /// <summary>The file of the SQLite ledger. Default: ungroup-ledger.db in the working directory.</summary>
    [Required]
    public string Path { get; set; } = "ungroup-ledger.db";

    /// <summary>The storage account of the Table ledger with its key, or UseDevelopmentStorage=true. No default.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The storage account of the Table ledger where the process has an identity of its own:
    /// https://ACCOUNT.table.core.windows.net. Instead of <see cref="ConnectionString"/>. No default.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>The table of the Table ledger; made where there is none. Default: ungroup.</summary>
    [Required]
    public string Table { get; set; } = "ungroup";

    /// <summary>
    /// How long an owner may be silent before another may take its request over. Has to outlive the longest single call
    /// (66 s) with its read-back. Default: 2 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a record outlives its outcome; longer than any sender may repeat itself. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class ValidateLedgerOptions : IValidateOptions<LedgerOptions>;
