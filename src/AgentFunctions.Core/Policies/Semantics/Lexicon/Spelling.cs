namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>Contractions, abbreviations, and misspellings that can mean one word only.</summary>
internal static class Spelling
{
    private const string Table =
        """
        can't:can not|cant:can not|cannot:can not|couldnt:could not|won't:will not|wont:will not|shan't:shall not|dont:do not|doesnt:do not|doesn't:do not|don't:do not|didnt:did not|didn't:did not|isnt:is not|arent:are not|wasnt:was not|werent:were not
        hasnt:has not|havent:have not|hadnt:had not|wouldnt:would not|shouldnt:should not|mustnt:must not|ain't:is not|aint:is not|im:i am|ive:i have|youre:you are|youve:you have|theyre:they are|theyve:they have|weve:we have|thats:that is|whats:what is|wheres:where is|hows:how is
        whos:who is|whens:when is|whys:why is|theres:there is|heres:here is|wanna:want to|gonna:going to|gotta:have to|gimme:give me|lemme:let me|let's:let us|dunno:do not know|y'all:you|how'd:how did|why'd:why did|where'd:where did|it'd:it would
        u:you|ur:your|r:are|pls:please|plz:please|plese:please|pleae:please|thx:thanks|thnx:thanks|ty:thanks|b4:before|ppl:people|info:information|infos:information|pw:password|pwd:password|acct:account|msg:message|pic:picture|doc:document|docs:documents
        approx:approximately|cellphone:mobile|smartphone:mobile|tv:television|fridge:refrigerator|kid:child|kids:children|mum:mother|mom:mother|dad:father|ok:ok|okay:ok|e.g:eg|i.e:ie|etc:etc|o'clock:oclock|til:until|till:until|cuz:because|coz:because
        adress:address|addres:address|accout:account|acount:account|accont:account|acccount:account|recieve:receive|recieved:received|recieving:receiving|recive:receive|recived:received|receve:receive|seperate:separate|seperately:separately|definately:definitely|occured:occurred
        transfered:transferred|transfering:transferring|tranfer:transfer|trasnfer:transfer|tansfer:transfer|trasfer:transfer|trnasfer:transfer|transfert:transfer|cancle:cancel|cancell:cancel|cancelation:cancellation|pasword:password|passwrod:password|passowrd:password|passwords:passwords|pasword:password
        wich:which|whcih:which|wat:what|waht:what|hwat:what|hwo:how|hou:how|teh:the|adn:and|thier:their|becuase:because|beacuse:because|becasue:because|wierd:weird|untill:until|tommorow:tomorrow|tomorow:tomorrow|tommorrow:tomorrow|tonite:tonight|yesturday:yesterday
        paymnet:payment|paymet:payment|payement:payment|paiment:payment|purchace:purchase|purchse:purchase|delievery:delivery|delivary:delivery|deliverd:delivered|delivred:delivered|reciept:receipt|receit:receipt|curency:currency|currancy:currency|currecy:currency|currencey:currency
        excange:exchange|exhange:exchange|exchage:exchange|exhcange:exchange|withdrawl:withdrawal|withdrawel:withdrawal|withdraw:withdraw|widthdraw:withdraw|withdrawed:withdrew|withdrawals:withdrawals|verfiy:verify|verifiy:verify|verfy:verify|idenity:identity|idenitity:identity|identitiy:identity
        refunde:refund|refud:refund|balence:balance|ballance:balance|balace:balance|statment:statement|cheqe:cheque|machne:machine|transation:transaction|transacton:transaction|trasaction:transaction|transacion:transaction|tranaction:transaction|avaliable:available|availible:available|availabe:available
        neccessary:necessary|necesary:necessary|neccesary:necessary|succesful:successful|successfull:successful|sucessful:successful|begining:beginning|beleive:believe|calender:calendar|commited:committed|diffrent:different|diferent:different|embarass:embarrass|enviroment:environment|existance:existence|foriegn:foreign
        goverment:government|garantee:guarantee|immediatly:immediately|imediately:immediately|independant:independent|maintainance:maintenance|maintenence:maintenance|occurence:occurrence|posible:possible|possable:possible|prefered:preferred|priviledge:privilege|publically:publicly|recomend:recommend|reccomend:recommend|refered:referred|resturant:restaurant
        restaraunt:restaurant|shedule:schedule|scedule:schedule|suprise:surprise|temperture:temperature|temprature:temperature|truely:truly|unfortunatly:unfortunately|usefull:useful|vaccum:vacuum|languge:language|libary:library|lisence:license|liscense:license|medecine:medicine|mesage:message|mispell:misspell
        nesessary:necessary|ordr:order|oder:order|passport:passport|pasport:passport|phisical:physical|prescripton:prescription|probelm:problem|problm:problem|prodcut:product|recipt:receipt|registeration:registration|reservaton:reservation|subscribtion:subscription|subscripton:subscription|adn:and
        apple's:apple's|authorise:authorize|authorised:authorized|organise:organize|organised:organized|recognise:recognize|recognised:recognized|analyse:analyze|analysed:analyzed|utilise:utilize|realise:realize|colour:color|colours:colors|favourite:favorite|behaviour:behavior|centre:center|centres:centers|cheque:cheque|programme:program|licence:license|cancelled:canceled|cancelling:canceling|travelling:traveling|travelled:traveled|unauthorised:unauthorized|customise:customize|enrol:enroll|practise:practice|grey:gray|metre:meter|metres:meters|litre:liter|litres:liters
        """;

    private static readonly Dictionary<string, string[]> Words = Read();

    /// <summary>What a spelling stands for, in words; null where it stands for itself.</summary>
    public static string[]? Of(string word)
    {
        if (Words.TryGetValue(word, out var known)) return known;
        var mark = word.LastIndexOf('\'');
        if (mark <= 0) return null;
        var (before, after) = (word[..mark], word[(mark + 1)..]);
        return after switch
        {
            "re" => [before, "are"],
            "ve" => [before, "have"],
            "ll" => [before, "will"],
            "m" => [before, "am"],
            "d" => [before, "would"],
            "t" when before[^1] == 'n' => [before[..^1], "not"],
            "s" when before is "it" or "that" or "there" or "here" or "what" or "where" or "who" or "how" or "when" or "why" or "he" or "she" or "everything" or "something" or "nothing" => [before, "is"],
            "s" => [before, "'s"],
            _ => null,
        };
    }

    private static Dictionary<string, string[]> Read()
    {
        var words = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var entry in Table.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (entry[..colon] != entry[(colon + 1)..]) words[entry[..colon]] = entry[(colon + 1)..].Split(' ');
        }

        return words;
    }
}
