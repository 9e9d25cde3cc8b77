using Ungroup.Ecs;

namespace Ungroup.Tests.Ecs;

public sealed class EcsFaultTests
{
    /// <summary>The codes of the API pages, written down apart from the table.</summary>
    public static TheoryData<string, string> Documented =>
    [
        .. File.ReadLines("Data/ecs-codes.csv").Skip(1).Select(line => line.Split(',')).Select(cells => (cells[0], cells[1])),
    ];

    [Theory]
    [MemberData(nameof(Documented))]
    public void Every_documented_code_is_in_the_table(string code, string fault) => Assert.Equal(fault, EcsFault.Find(code)?.Fault.ToString());

    [Fact]
    public void The_table_has_no_code_twice_and_none_that_nobody_documents()
    {
        var codes = EcsFault.Rows.Select(row => row.Code).ToList();

        Assert.Distinct(codes);
        Assert.Equal(["MissingCredentials"], codes.Except(File.ReadLines("Data/ecs-codes.csv").Skip(1).Select(line => line.Split(',')[0])));
    }

    [Fact]
    public void Every_row_says_what_an_operator_can_do() =>
        Assert.All(EcsFault.Rows, row => Assert.Matches("^[A-Z].{20,}\\.$", row.Advice));

    [Fact]
    public void Every_family_says_what_an_operator_can_do() =>
        Assert.All(EcsFaultFamilies.Rows, row => Assert.Matches("^[A-Z].{20,}\\.$", row.Advice));

    [Theory]
    [InlineData(400, "FlowControl", nameof(Fault.Throttled))]
    [InlineData(404, "Something.NotFound", nameof(Fault.Unfamiliar))]
    [InlineData(403, "NobodyHasSeenThis", nameof(Fault.Unfamiliar))]
    [InlineData(429, "NobodyHasSeenThis", nameof(Fault.Throttled))]
    [InlineData(408, "NobodyHasSeenThis", nameof(Fault.Unknown))]
    [InlineData(500, "NobodyHasSeenThis", nameof(Fault.Unknown))]
    public void The_status_decides_where_the_code_says_nothing(int status, string? code, string fault) =>
        Assert.Equal(fault, EcsFault.Classify(status, code).ToString());

    /// <summary>Codes of other products, of other versions and of tomorrow, as they have been seen or may be built.</summary>
    public static TheoryData<string, string> Kin => new()
    {
        { nameof(Fault.Throttled), "Throttling.SomethingNew Rejected.ThrottlingByNode FlowControlError FlowControl.Api UserFlowControl RequestLimitExceeded TooManyRequests" },
        { nameof(Fault.Transient), "SystemBusy ServiceBusy System.Busy SystemBusy.Retry ResourceBusy Degrade.Api Degrade.Service TaskConflict InstanceTaskConflict" },
        { nameof(Fault.Transient), "OperationFailed.LastTokenProcessing OperationFailed.LastRequestProcessing IdempotentProcessing ResourceInOperation OperationDenied.InstanceOperating" },
        { nameof(Fault.Later), "IncorrectSecurityGroupStatus IncorrectEniStatus IncorrectVpcStatus IncorrectInstanceStatus.Pending IncorrectStatus.Vpc incorrectInstanceStatus" },
        { nameof(Fault.Later), "InvalidOperation.InvalidEniStateAttaching InvalidStatus.Instance InvalidInstanceStatus Forbidden.EniIsBeingCreated" },
        { nameof(Fault.Unknown), "InternalServerError Internal.Error ServiceUnavailable.Region UpstreamTimeout" },
        { nameof(Fault.Configuration), "InsufficientBalance InsufficientBalance.Account Account.Arrearage Account.Overdue InvalidAccountStatus.NotEnoughBalance UserArrears" },
        { nameof(Fault.Configuration), "Forbidden.UserVerification UserVerification OperationDenied.UserVerification RealNameAuthenticationError InvalidIP.NotInWhiteList RiskControl.Account" },
        { nameof(Fault.Configuration), "SignatureDoesNotMatch.V3 InvalidTimestamp.Expired IllegalTimestamp.Format Forbidden.AccessKeyIsDisabled" },
        { nameof(Fault.Authentication), "InvalidSecurityToken.NotFound InvalidAccessKeyId InvalidAccessKeyId.NotInRegion" },
        { nameof(Fault.Denied), "ActionUnauthorized AccessDenied NoPermission NoPermission.SLR ImplicitDeny ExplicitDeny Forbidden.NotSupportRAM Forbedden.NotSupportRAM" },
        { nameof(Fault.Denied), "Forbidden.Unauthorized Forbidden.Something NotAuthorized PermissionDenied Authentication.AccessDenied" },
        { nameof(Fault.Permanent), "MissingParameter.SecurityGroupId InvalidParameter.Conflict InvalidParam.Whatever InvalidResourceId.Malformed" },
        { nameof(Fault.Unfamiliar), "Forbidden.InstanceNotFound InvalidKeyPair.NotFound QuotaExceed.SecurityGroup X NotSupportedHere" },
    };

    [Theory]
    [MemberData(nameof(Kin))]
    public void A_code_that_nobody_lists_is_judged_by_how_it_is_built(string fault, string codes) =>
        Assert.All(codes.Split(' '), code => Assert.True(EcsFault.Classify(403, code).ToString() == fault, $"{code} is {EcsFault.Classify(403, code)}."));

    [Fact]
    public void A_listed_code_is_what_its_page_says_however_it_is_built() =>
        Assert.All(EcsFault.Rows, row => Assert.Equal(row.Fault, EcsFault.Classify(400, row.Code)));

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(500)]
    public void The_code_decides_where_it_says_something(int status) =>
        Assert.Equal(Fault.Configuration, EcsFault.Classify(status, "SignatureDoesNotMatch"));
}
