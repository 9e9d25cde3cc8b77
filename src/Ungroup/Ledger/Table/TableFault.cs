using System.Text.Json;
using Azure;
using Azure.Data.Tables.Models;

namespace Ungroup.Ledger.Table;

internal static class TableFault
{
    private static readonly TableErrorCode[] OfTheRow =
    [
        TableErrorCode.EntityTooLarge, TableErrorCode.PropertyValueTooLarge, TableErrorCode.PropertyNameTooLong, TableErrorCode.PropertyNameInvalid,
        TableErrorCode.InvalidValueType, TableErrorCode.TooManyProperties, TableErrorCode.KeyValueTooLarge, TableErrorCode.InvalidInput, TableErrorCode.OutOfRangeInput,
    ];

    /// <summary>Another try may help, and this one may have had its effect.</summary>
    public static bool IsTransient(Exception error, CancellationToken cancellationToken) => error switch
    {
        // 0: no reply at all.
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,

        // The client's own time-out looks like a cancellation nobody asked for.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        HttpRequestException or IOException or TimeoutException or JsonException => true,
        _ => false,
    };

    public static bool IsConflict(RequestFailedException error) => IsTaken(error) || IsOvertaken(error);

    public static bool IsTaken(RequestFailedException error) => error.Status == 409 && error.ErrorCode == TableErrorCode.EntityAlreadyExists;

    public static bool IsOvertaken(RequestFailedException error) => error.Status == 412 || IsMissing(error);

    /// <summary>The service will never take this row. Refusals over keys, rights or a proxy say nothing of the row.</summary>
    public static bool IsAboutTheRow(RequestFailedException error) => error.Status == 413
        || (error is { Status: 400, ErrorCode: { } code } && OfTheRow.Contains(code));

    public static bool IsMissing(RequestFailedException error) => error.Status == 404 && error.ErrorCode != TableErrorCode.TableNotFound;
}
