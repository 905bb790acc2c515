namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>Common nouns, adjectives and adverbs, and the rule for plurals. Being known here only says that a question is English and that a word is no name.</summary>
internal static class Nouns
{
    private const string Common =
        """
        ability absence access accident account action activity actor ad address adult advance advantage adventure advice affair age agency agent agreement aid air airline airport alarm alcohol allergy allowance amount
        analysis animal anniversary answer apartment app appearance apple application appointment approach area argument arm army arrival art article aspect asset assistance assistant atm atmosphere attachment attack
        attempt attention attitude audience author authority availability average baby back backup bag baggage balance ball band bank bar base basis basket bath bathroom battery battle beach bed bedroom beer beginning behavior
        beneficiary benefit bike bill birth birthday bit blood board boat body bone bonus book booking border boss bottle bottom box boy brain branch brand bread break breakfast bridge brother browser budget bug building
        bus business button buyer cable cake calendar call camera campaign cancellation cancer candidate car carbon card care career cash category cause cell center centre century certificate chair challenge chance
        change channel chapter character charge chat cheque check chicken chief child children choice city class client climate clock cloud club code coffee cold colleague collection college color colour column comment
        commission committee company comparison competition complaint computer concept concern condition conference connection contact content contract control conversation cookie copy corner cost country county couple
        coupon course court cover cream credit crime cup currency curve customer cycle damage dance danger data database date daughter day deadline deal death debit debt decade decision default defence delay
        delivery demand department departure deposit depth description design desk detail details device diet difference difficulty dinner direction director discount discussion disease dish disk distance district doctor
        document dog dollar door dose doubt download draft dream dress drink driver drug duration duty ear earth economy edge education effect effort egg election email emergency emission employee employer employment
        end energy engine engineer entry environment equipment error evening event evidence exam example exchange exercise expense experience expert explanation export expression extent eye face fact factor failure
        family fan farm fashion father fault favor feature fee feedback feeling field figure file film finance finger fire fish flat flight floor flour flow flower folder food foot force form format frame freedom friend fruit
        fuel function fund funds furniture future gain game garden gas gate gender generation gift girl glass goal gold goods government grade grammar grant group growth guarantee guest guide guy habit hair half hall hand
        hat head headache health heart heat height history hobby hole holiday home hospital host hotel hour house housing human husband ice icon idea identification identity illness image impact import improvement
        income increase index industry infection inflation information injury input instance instruction insurance interest interface internet interview introduction inventory investment invitation invoice island issue
        item jacket job journey judge juice keyboard kid kidney kind king kitchen knee knowledge label lack lady lake land language laptop law lawyer layer leader leg legislation length lesson letter level library
        licence license life light limit line link liquid list litre liver loan location lock logo loss lunch machine mail mailbox man manager map margin market marriage master match material matter meal meaning measure
        meat media medication medicine meeting member membership memory menu merchant message metal method milk mind minister minute mirror mistake mode model moment money month mood morning mortgage mother motor
        mountain mouse mouth movie muscle museum music name nation nature neck network news newspaper night noise nose note notebook notice notification number nurse object offer office officer oil opening operation
        opinion opportunity option orange order organisation organization origin outcome outlet output oven overdraft owner package page pain pair paper parcel parent park parking part partner party passcode passport password
        past path patient pattern payee payment payroll peace pen penalty pension people percentage performance period permission permit person pet phone photo phrase physician piece pill pin pizza place plan plane
        planet plant plastic plate platform player pocket point police policy pool population port position post potato pound power practice preference pregnancy prescription presence present president pressure price
        printer priority prison privacy prize problem process product profession professor profile profit program programme progress project promotion proof property proportion protection provider purchase purpose
        quality quantity query question queue race radio rain range rate ratio reaction reader reading reason receipt recipe recipient record recovery reduction reference refund region registration relation relationship
        release religion rent repair replacement report request requirement research reservation resort resource response rest restaurant result return revenue review reward rice right risk river road rock role roof
        room route rule safety salary sale salt sample satellite scale scene schedule school science scope score screen sea search season seat second secret section sector security seller semester sender sense sentence
        series server service session setting settings shape share sheet shift ship shipment shipping shirt shoe shop shopping show shower side sign signal signature silver sister site situation size skill skin sky sleep
        snow society software soil son song sort sound soup source space speaker speech speed sport spot spring staff stage standard star statement state station status step stock stomach stop storage store story strategy
        stream street strength stress structure student study stuff style subject subscription success sugar suggestion suit summary summer sun supply support surface surgery surname survey symbol symptom system table
        tablet talent target task tax taxi tea teacher team technique technology teeth telephone television temperature term terminal test text theme theory ticket time tip title toilet tool tooth top topic total tour
        tourist towel town trade traffic train trainer training transaction transfer transit translation transport travel treatment tree trial trip trouble truck truth type union unit university update upgrade usage user
        vacation vaccination vaccine validity value variable variety vat vegetable vehicle vendor version victim video view village virus visa visit visitor vitamin voice volume vote voucher wage wait walk wall wallet war
        warning warranty waste watch water wave way weather web website week weekend weight wheel wife wifi wind window wine wing winner winter withdrawal woman women wood word work worker workout world writer year
        capital president queen emperor continent ocean altitude boil capacity mayor founder inventor ceo novel poem painting painter artist composer singer band album lyrics chord recipe ingredient calorie dough pasta soup sauce onion garlic
        rule penalty referee coach striker goalkeeper tournament championship olympics medal stadium league cup match score runner swimmer lawsuit tenant landlord lease clause warrant verdict court plaintiff defendant custody divorce will testament trademark patent copyright
        array string integer loop class object compiler variable thread process exception query index schema cluster container deployment endpoint token header cookie cache socket port request commit branch merge repository pipeline build script shell terminal
        dose dosage side-effect pill tablet syrup injection fever cough pain blood heart lung brain bone skin nurse clinic surgery diet allergy asthma insulin cholesterol ibuprofen aspirin paracetamol antibiotic antibiotics
        luggage suitcase itinerary boarding gate terminal visa embassy customs hostel motel reservation check-in check-out layover airline fare ticket passport cruise ferry tram subway metro bus
        employee employer manager hr payroll overtime resignation contract bonus promotion leave absence sickness maternity paternity onboarding probation intern internship pension retirement
        able absolute accessible active actual acceptable adequate afraid aggressive alive allergic alone alternative amazing angry annual anonymous anxious apparent appropriate asleep automatic available aware awful bad
        basic beautiful big bitter black blank blind blue bold boring bright broken brown busy calm capable careful central certain cheap chemical chronic civil clean clear clever close cloudy cold comfortable common
        compatible complete complex confident constant contactless continuous convenient cool correct crazy critical cruel current daily damp dangerous dark dead deaf dear deep defective delicious democratic dependent different
        difficult digital dirty disposable domestic double dry due dynamic eager early easy economic educational effective efficient eligible empty entire equal essential exact excellent exclusive exempt expensive extra
        extreme fair faithful false familiar famous fast fat fatal faulty favourite favorite federal female few final financial fine firm fit flat flexible foreign formal former fragile free frequent fresh friendly
        full fun funny general gentle genuine global good graduate grand grateful gray great green grey gross guilty happy hard harmful harmless healthy heavy helpful hidden high historical holy honest hot huge human
        hungry ideal identical illegal immediate important impossible incorrect independent individual indoor industrial infectious inner innocent instant insufficient intelligent interesting internal international invalid
        invisible invitational joint junior just keen kind large late lazy left legal lengthy level light likely limited liquid little live local lonely long loose loud low loyal lucky mad main major male mandatory manual
        married massive mature maximum medical medium mental military minimum minor missing mobile modern monthly moral multiple mutual narrow nasty national native natural neat necessary negative nervous net neutral new
        nice noisy normal nuclear obvious odd official offline old online open optional ordinary organic original outdoor outer overdue overseas own painful pale partial particular passive past pending perfect permanent
        personal physical plain pleasant polite political poor popular positive possible powerful pregnant premium previous primary prior private probable professional proper proud public pure quick quiet random rapid rare
        raw ready real reasonable recent red refundable regular relevant reliable remote responsible rich ripe rough round royal rude sad safe salty same satisfied secondary secret secure senior separate serious severe
        sharp short shy sick silent similar simple single slow small smart smooth sober social soft solid sore sour spare special specific spicy stable standard static steady steep sterile sticky straight strange strict
        strong stupid successful sudden sufficient suitable sure sweet tall temporary terrible thick thin thirsty tight tiny tired total tough toxic traditional true typical ugly unable unauthorized unauthorised unique
        universal unknown unlimited unusual upper urgent useful usual vacant valid valuable various vegan vegetarian verbal vertical vertical vibrant violent virtual visible vital warm weak wealthy weekly weird wet white whole
        wide wild willing wise wooden worried worthy wrong yearly yellow young ago abroad ahead approximately asap automatically away currently directly easily exactly forward immediately instantly maybe normally often
        perhaps probably properly quickly rarely really recently right roughly seldom separately slowly sometimes soon suddenly though together tonight twice usually worldwide correctly accidentally finally constantly
        successfully manually urgently safely legally originally previously topup mastercard
        """;

    /// <summary>Words on -s that are no plurals.</summary>
    private static readonly HashSet<string> NoPlurals =
    [
        .. """
        news customs goods arms means species series glasses sales savings earnings headquarters mathematics physics economics politics always perhaps lens texas paris james los les mercedes windows teams outlooks dallas kansas atlas
        canvas christmas https sometimes besides overseas towards afterwards wales angeles netherlands philippines bahamas states arkansas illinois jones charles aids diabetes rabies measles herpes kubernetes postgres redis pandas
        airpods slacks
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly Dictionary<string, string> IrregularPlurals = new(StringComparer.Ordinal)
    {
        ["children"] = "child", ["men"] = "man", ["women"] = "woman", ["feet"] = "foot", ["teeth"] = "tooth", ["mice"] = "mouse", ["wives"] = "wife", ["knives"] = "knife", ["shelves"] = "shelf", ["halves"] = "half", ["criteria"] = "criterion", ["persons"] = "person",
    };

    private static readonly System.Buffers.SearchValues<char> Vowels = System.Buffers.SearchValues.Create("aeiouy");

    private static readonly HashSet<string> Known = [.. Common.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Whether this is a common word, in its dictionary form.</summary>
    public static bool IsKnown(string word) => Known.Contains(word);

    /// <summary>The singular of a plural, by rule; else null.</summary>
    public static string? SingularOf(string word)
    {
        if (IrregularPlurals.TryGetValue(word, out var irregular)) return irregular;
        if (word.Length < 4 || word[^1] != 's' || word[^2] is 's' or 'u' or 'i' or '\'' || NoPlurals.Contains(word) || Known.Contains(word) || !System.Text.Ascii.IsValid(word) || !word.AsSpan(0, word.Length - 1).ContainsAny(Vowels)) return null;
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal)) return Known.Contains(word[..^1]) ? word[..^1] : word[..^3] + "y";
        return word.Length > 4 && (word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal)) ? word[..^2] : word[..^1];
    }
}
