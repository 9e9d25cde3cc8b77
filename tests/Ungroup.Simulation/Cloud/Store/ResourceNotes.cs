using System.Text.Json;
using Ungroup.Ledger;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Cloud.Store;

/// <summary>Those shared notes that are the rows of resources, read for the history.</summary>
internal static class ResourceNotes
{
    public static bool IsOne(string name) => name.StartsWith("resource:", StringComparison.Ordinal);

    public static Happening Wrote(string name, string? before, string after) =>
        new Happening.RowWrote(AccountIn(name), ResourceIn(name), before is null ? new() : RowIn(before), RowIn(after));

    public static Happening Shown(string name, LedgerKey by) => new Happening.RowRead(AccountIn(name), ResourceIn(name), by);

    /// <summary>Makes of one what a broken store does.</summary>
    public static string Broken(string text, Defect defect) => defect switch
    {
        Defect.HoldsAreForgotten => Text(RowIn(text) with { HeldBy = null }),
        Defect.RemovedIsForgotten => Text(RowIn(text) with { Removed = [] }),
        _ => text,
    };

    private static string AccountIn(string name) => name.Split(':')[1];

    private static string ResourceIn(string name) => name.Split(':')[2];

    private static ResourceRow RowIn(string text) => JsonSerializer.Deserialize(text, ResourceRowJson.Default.ResourceRow)!;

    private static string Text(ResourceRow row) => JsonSerializer.Serialize(row, ResourceRowJson.Default.ResourceRow);
}
