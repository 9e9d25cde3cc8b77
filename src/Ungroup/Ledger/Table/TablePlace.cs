using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Ungroup.Ledger.Table;

internal sealed class TablePlace(TableClient table, string setting)
{
    private readonly string _address = table.Uri.GetLeftPart(UriPartial.Path);

    public LedgerUnavailableException Away(Exception error, int tries) =>
        new($"The ledger {_address} did not answer {tries} times in a row, the last time {Reason(error)} ({setting}).", error);

    public LedgerUnavailableException Refused(RequestFailedException error) => error.Status switch
    {
        401 or 403 => new($"The ledger {_address} may not be used: {Reason(error)}. Expected {Permission()} ({setting}).", error),
        404 when error.ErrorCode == TableErrorCode.TableNotFound => new(
            $"The ledger {_address} is gone: the table was deleted. What it knew is lost; start again to make a new one (Ledger:Table).", LedgerTrouble.Gone, error),
        _ when TableFault.IsAboutTheRow(error) => new($"The ledger {_address} refuses a record: {Reason(error)}.", LedgerTrouble.Refused, error),
        _ => new($"The ledger {_address} refused a call: {Reason(error)} ({setting}, Ledger:Table).", error),
    };

    private string Permission() => setting == TableOpening.EndpointSetting
        ? "an identity with the role Storage Table Data Contributor"
        : "a key of this account that is still valid, and a clock that is right";

    // The service's own message repeats headers and bodies over many lines.
    private static string Reason(Exception error) => error switch
    {
        RequestFailedException { Status: > 0 } failed => $"{failed.Status} {failed.ErrorCode}".TrimEnd(),
        OperationCanceledException => "with nothing until the time-out",
        _ => $"with '{error.Message.ReplaceLineEndings(" ")}'",
    };
}
